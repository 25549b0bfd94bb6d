/// A tag's compiler, which makes a node from the tag's token. For a tag with an end tag, it also parses the content.
struct TemplateTag: Sendable {
    typealias Compile = @Sendable (TemplateParser, TemplateToken) throws(TemplateError) -> any TemplateNode

    let compile: Compile
}
