extension TemplateLibrary {
    /// Django's built-in filters.
    static let filters: TemplateLibrary = {
        var library = TemplateLibrary()
        library.addTextFilters()
        library.addWordFilters()
        library.addHTMLFilters()
        library.addListFilters()
        library.addNumberFilters()
        library.addDateFilters()
        library.addLogicFilters()
        return library
    }()
}

extension TemplateError {
    /// The error for a value that is not a whole number.
    static func notANumber(_ filter: String, _ value: TemplateValue) -> TemplateError {
        .badValue("The filter '\(filter)' got \(value.representation). Give it a whole number.")
    }
}

extension TemplateLibrary {
    /// Django's built-in tags.
    static let tags: TemplateLibrary = {
        var library = TemplateLibrary()
        library.tag("autoescape", AutoescapeNode.compile)
        library.tag("block", BlockNode.compile)
        library.tag("comment") { (parser, _) throws(TemplateError) in
            try parser.skip(past: "endcomment")
            return EmptyNode()
        }
        library.tag("csrf_token") { (_, _) in CSRFTokenNode() }
        library.tag("cycle", CycleNode.compile)
        library.tag("debug") { (_, _) in DebugNode() }
        library.tag("extends", ExtendsNode.compile)
        library.tag("filter", FilterNode.compile)
        library.tag("firstof", FirstOfNode.compile)
        library.tag("for", ForNode.compile)
        library.tag("if", IfNode.compile)
        library.tag("ifchanged", IfChangedNode.compile)
        library.tag("include", IncludeNode.compile)
        library.tag("load", LoadTag.compile)
        library.tag("lorem", LoremNode.compile)
        library.tag("now", NowNode.compile)
        library.simpleTag("querystring", TagSignature(["query_dict="], takesAnyName: true), QueryString.render)
        library.tag("regroup", RegroupNode.compile)
        library.tag("resetcycle", ResetCycleNode.compile)
        library.tag("spaceless", SpacelessNode.compile)
        library.tag("templatetag", TemplateTagNode.compile)
        library.tag("url", URLNode.compile)
        library.tag("verbatim") { (parser, _) throws(TemplateError) in
            let nodes = try parser.parse(until: "endverbatim")
            try parser.nextToken()
            return VerbatimNode(nodes: nodes)
        }
        library.tag("widthratio", WidthRatioNode.compile)
        library.tag("with", WithNode.compile)
        return library
    }()

    /// The tags of Django's `{% load static %}`.
    static let staticFiles: TemplateLibrary = {
        var library = TemplateLibrary()
        library.tag("static", StaticNode.compile)
        library.tag("get_static_prefix") { (_, token) throws(TemplateError) in
            try PrefixNode(token) { $0.staticPrefix }
        }
        library.tag("get_media_prefix") { (_, token) throws(TemplateError) in
            try PrefixNode(token) { $0.mediaPrefix }
        }
        return library
    }()
}
