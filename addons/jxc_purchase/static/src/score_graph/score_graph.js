import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Lines of scores: a period without an evaluation is a gap, not a score of zero. */
export class ScoreGraphRenderer extends GraphRenderer {
    getLineChartData() {
        for (const dataset of this.model.data.datasets) {
            // What the server answered for has a domain to show its records by.
            dataset.data = dataset.data.map((value, index) =>
                dataset.domains[index]?.length ? value : null
            );
            dataset.spanGaps = true;
        }
        return super.getLineChartData();
    }
}

registry
    .category("views")
    .add("jxc_score_graph", { ...graphView, Renderer: ScoreGraphRenderer });
