# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_sale_channel_upload
from . import jxc_sale_channel_upload_line
from . import jxc_promotion
from . import jxc_delivery_sign
from . import jxc_sale_collection
from . import jxc_sale_collection_line
from . import jxc_sale_collection_entry
from . import jxc_sale_ranking
from . import jxc_sale_ranking_line
from . import base_partner_merge
from . import jxc_credit_unordered_excuse
from . import jxc_sale_billed_less
from . import jxc_dunning_preview
