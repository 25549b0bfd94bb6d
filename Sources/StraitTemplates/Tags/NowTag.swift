/// `{% now "format" as name %}`: prints the current date and time.
struct NowNode: TemplateNode {
    private let format: String
    private let variable: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var words = token.splitContents()[...]
        let variable = words.count == 4 ? TagVariable.take(from: &words) : nil
        guard words.count == 2 else { throw .syntax("'now' takes one argument. Expected {% now \"j F Y\" %}.") }
        return NowNode(
            format: String(words[1].unicodeScalars.dropFirst().dropLast()), variable: variable)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let engine = context.engine
        let now = engine.usesTimeZone ? engine.now : engine.now.withoutZone
        let text = try DateText.format(now, DateText.named(format, "DATE_FORMAT"), engine.timeZone) ?? ""
        if let variable { context[variable] = .string(text) } else { output += text }
    }
}

extension TemplateDate {
    /// The same local date and time without a zone.
    var withoutZone: TemplateDate { TemplateDate(kind: kind, day: day, microseconds: microseconds, zone: nil) }
}
