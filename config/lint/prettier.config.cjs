// For JavaScript and SCSS; scripts/check_xml.py lays out XML.
module.exports = {
    bracketSpacing: true,
    printWidth: 88,
    tabWidth: 4,
    trailingComma: "es5",
};
