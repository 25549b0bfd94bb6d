internal import StraitText

/// `{% csrf_token %}`: prints a hidden form field with the variable `csrf_token`.
struct CSRFTokenNode: TemplateNode {
    func render(_ context: TemplateContext, into output: inout String) {
        guard let token = context["csrf_token"], token.isTrue, token.string != "NOTPROVIDED" else { return }
        output += "<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"\(token.escapedText)\">"
    }
}

/// `{% debug %}`: prints the variables of each scope if the engine's `isDebug` is true, otherwise nothing.
struct DebugNode: TemplateNode {
    func render(_ context: TemplateContext, into output: inout String) {
        guard context.engine.isDebug else { return }
        for scope in context.allScopes { output += HTMLEscape.escaped(PrettyPrinter.text(.dictionary(scope))) }
        output += "\n\n"
    }
}

/// `{% firstof a b "c" as name %}`: prints the first value that is true.
struct FirstOfNode: TemplateNode {
    private let values: [FilterExpression]
    private let variable: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var words = token.splitContents().dropFirst()
        guard !words.isEmpty else { throw .syntax("'firstof' requires a value. Expected {% firstof a b %}.") }
        let variable = TagVariable.take(from: &words)
        var values: [FilterExpression] = []
        for word in words { values.append(try parser.compileFilter(word)) }
        return FirstOfNode(values: values, variable: variable)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        var text = ""
        for expression in values {
            let value = try expression.resolve(context, ignoringFailures: true)
            guard value.isTrue else { continue }
            value.write(to: &text, escaping: context.isAutoescaping, context.engine)
            break
        }
        if let variable {
            context[variable] = context.isAutoescaping ? .safe(SafeString(text)) : .string(text)
        } else {
            output += text
        }
    }
}

/// `as name` at the end of a tag.
enum TagVariable {
    /// Removes `as name` from the end of `words` and returns the name, or nil if it is missing.
    static func take(from words: inout ArraySlice<String>) -> String? {
        guard words.count >= 2, words[words.endIndex - 2] == "as" else { return nil }
        let name = words.last
        words = words.dropLast(2)
        return name
    }
}

/// `{% regroup values by member as name %}`: groups adjacent elements with the same value of a member.
struct RegroupNode: TemplateNode {
    private let values: FilterExpression
    private let member: FilterExpression
    private let name: String

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count == 6, words[2] == "by", words[4] == "as" else {
            throw .syntax("'regroup' takes five arguments. Expected {% regroup values by member as name %}.")
        }
        return RegroupNode(
            values: try parser.compileFilter(words[1]), member: try parser.compileFilter("\(words[5]).\(words[3])"),
            name: words[5])
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let value = try values.resolve(context, ignoringFailures: true)
        guard let elements = value.isNone ? [] : value.elements else {
            throw .badValue(
                "'\(values.text)' in 'regroup' is \(value.representation), which has no elements. Give it a list.")
        }
        var groups: [RegroupedValues] = []
        for element in elements {
            context[name] = element
            let key = try member.resolve(context, ignoringFailures: true)
            if let last = groups.last, last.grouper.isEqual(to: key) {
                groups[groups.count - 1].list.append(element)
            } else {
                groups.append(RegroupedValues(grouper: key, list: [element]))
            }
        }
        context[name] = .list(groups.map { .object($0) })
    }
}

/// A group of `{% regroup %}`, like Python's named tuple.
struct RegroupedValues: TemplateObject {
    let grouper: TemplateValue
    var list: [TemplateValue]

    subscript(member name: String) -> TemplateValue? {
        name == "grouper" ? grouper : name == "list" ? .list(list) : nil
    }
    var templateText: String {
        "GroupedResult(grouper=\(grouper.representation), list=\(TemplateValue.list(list).representation))"
    }
    var templateElements: [TemplateValue]? { [grouper, .list(list)] }
}

/// `{% templatetag openblock %}`: prints a delimiter of template tags.
struct TemplateTagNode: TemplateNode {
    private let text: String

    private static let texts = [
        ("openblock", "{%"), ("closeblock", "%}"), ("openvariable", "{{"), ("closevariable", "}}"), ("openbrace", "{"),
        ("closebrace", "}"), ("opencomment", "{#"), ("closecomment", "#}"),
    ]

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.words
        guard words.count == 2, let text = texts.first(where: { $0.0 == words[1] })?.1 else {
            throw .syntax(
                "'templatetag' takes one argument. Expected one of \(texts.map(\.0).joined(separator: ", ")).")
        }
        return TemplateTagNode(text: text)
    }

    func render(_ context: TemplateContext, into output: inout String) { output += text }
}

/// `{% widthratio value most width as name %}`: prints `value / most * width`, rounded.
struct WidthRatioNode: TemplateNode {
    private let value: FilterExpression
    private let most: FilterExpression
    private let width: FilterExpression
    private let variable: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count == 4 || (words.count == 6 && words[4] == "as") else {
            throw .syntax("'widthratio' takes three arguments. Expected {% widthratio value most width as name %}.")
        }
        return WidthRatioNode(
            value: try parser.compileFilter(words[1]), most: try parser.compileFilter(words[2]),
            width: try parser.compileFilter(words[3]), variable: words.count == 6 ? words[5] : nil)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let value: TemplateValue
        let most: TemplateValue
        let width: TemplateValue
        do {
            value = try self.value.resolve(context)
            most = try self.most.resolve(context)
            width = try self.width.resolve(context)
        } catch {
            guard error.code == .missingVariable else { throw error }
            return
        }
        guard let width = width.asInt else {
            throw .syntax("The last argument of 'widthratio' is \(width.representation). Use a whole number.")
        }
        let text = Self.text(value, most, width)
        if let variable { context[variable] = .string(text) } else { output += text }
    }

    private static func text(_ value: TemplateValue, _ most: TemplateValue, _ width: Int) -> String {
        guard let value = value.asDouble, let most = most.asDouble else { return "" }
        guard most != 0 else { return "0" }
        let ratio = ((value / most) * Double(width)).rounded(.toNearestOrEven)
        return TemplateDecimal(truncating: ratio)?.fixed ?? ""
    }
}

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
        let text = try DateText.format(now, format.isEmpty ? .date : DateFormat(named: format), engine.timeZone) ?? ""
        if let variable { context[variable] = .string(text) } else { output += text }
    }
}

extension TemplateDate {
    /// The same local date and time without a zone.
    var withoutZone: TemplateDate { TemplateDate(kind: kind, day: day, microseconds: microseconds, zone: nil) }
}
