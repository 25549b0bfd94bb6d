import Foundation
import StraitTemplates
import StraitText

/// A template of the corpus in `Tests/Peers/templates`. `Tests/Peers/django/templates.py` describes the format.
struct TemplateCase: Decodable {
    var template: String?
    var name: String?
    /// Several texts or names that share all other values.
    var cases: [String]?
    var names: [String]?
    var context: [String: CorpusValue]?
    var templates: [String: String]?
    var autoescape: Bool?
    var invalid: String?

    /// The output or error of Django or Strait.
    struct Result: Decodable {
        var text: String?
        var error: String?
    }

    /// Decodes the cases of a file.
    static func cases(of data: Data) throws -> [TemplateCase] {
        if let groups = try? JSONDecoder().decode([TemplateCase].self, from: data) { return groups.flatMap(\.single) }
        let matrix = try JSONDecoder().decode(Matrix.self, from: data)
        return matrix.templates.flatMap { template in
            matrix.filters.flatMap { filter in
                matrix.values.map { value in
                    TemplateCase(
                        template: template.replacingOccurrences(of: "FILTER", with: filter), context: ["v": value])
                }
            }
        }
    }

    private var single: [TemplateCase] {
        let texts = (cases ?? []).map { text in
            var result = self
            result.template = text
            return result
        }
        return texts
            + (names ?? []).map { name in
                var result = self
                result.name = name
                return result
            }
    }

    private struct Matrix: Decodable {
        var values: [CorpusValue]
        var filters: [String]
        var templates: [String]
    }

    /// The fixed time of both clocks.
    static let now = Date(timeIntervalSince1970: 1_709_211_909.123456)

    /// Renders the case with Strait.
    func render() -> Result {
        let engine = TemplateEngine(
            loaders: [EmbeddedLoader(templates ?? [:])], autoescape: autoescape ?? true,
            stringIfInvalid: invalid ?? "", timeZone: TimeZone(identifier: "Europe/Berlin") ?? .gmt,
            reverse: Self.reverse, clock: { Self.now })
        do {
            let parsed = try name.map { try engine.template($0) } ?? engine.template(text: template ?? "")
            return Result(text: try parsed.render((context ?? [:]).mapValues(\.value)))
        } catch {
            return Result(error: "\(error)")
        }
    }

    private struct NoRoute: Error {}

    /// The same routes as in `templates.py`.
    @Sendable private static func reverse(
        _ name: String, _ arguments: [TemplateValue], _ named: [(name: String, value: TemplateValue)],
        _ context: TemplateContext
    ) throws -> String {
        let parameters: [String]
        switch name {
        case "home": parameters = []
        case "room": parameters = ["name"]
        case "message": parameters = ["name", "number"]
        default: throw NoRoute()
        }
        var values = arguments
        if !named.isEmpty {
            guard arguments.isEmpty, Set(named.map(\.name)) == Set(parameters) else { throw NoRoute() }
            values = parameters.compactMap { name in named.first { $0.name == name }?.value }
        }
        guard values.count == parameters.count else { throw NoRoute() }
        if values.count == 2, values[1].wholeNumber == nil { throw NoRoute() }
        let safe = CharacterSet(charactersIn: "-._~!*'()&$+,:;=@").union(.alphanumerics)
        let texts = values.map { $0.text.addingPercentEncoding(withAllowedCharacters: safe) ?? "" }
        if texts.contains(where: { $0.isEmpty || $0.contains("/") || $0.contains("%2F") }) { throw NoRoute() }
        return name == "home" ? "/" : "/room/" + texts.map { $0 + "/" }.joined()
    }
}

/// A value of the corpus: JSON, or an object that represents a value that JSON lacks.
struct CorpusValue: Decodable {
    let value: TemplateValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .none
        } else if let truth = try? container.decode(Bool.self) {
            value = .bool(truth)
        } else if let number = try? container.decode(Int.self) {
            value = .int(number)
        } else if let number = try? container.decode(Double.self) {
            value = .double(number)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else if let list = try? container.decode([CorpusValue].self) {
            value = .list(list.map(\.value))
        } else {
            let entries = try container.decode([String: CorpusValue].self)
            if let (kind, inner) = entries.first, entries.count == 1, kind.hasPrefix("$") {
                value = Self.special(kind, inner.value)
            } else {
                value = .dictionary(TemplateDictionary(entries.mapValues(\.value)))
            }
        }
    }

    private static func special(_ kind: String, _ inner: TemplateValue) -> TemplateValue {
        switch kind {
        case "$safe": return .safe(SafeString(inner.text))
        case "$tuple": return .tuple(inner.elements ?? [])
        case "$float": return .double(Double(inner.text) ?? 0)
        case "$decimal": return TemplateDecimal(inner.text).map { .decimal($0) } ?? .none
        case "$int": return Int128(inner.text).map { .decimal(TemplateDecimal($0)) } ?? .none
        case "$query": return .object(QueryValues(query: inner.text))
        case "$dict":
            return .dictionary(
                TemplateDictionary(
                    (inner.elements ?? []).compactMap(\.elements).map { (key: $0[0].text, value: $0[1]) }))
        default: return .date(date(inner.text))
        }
    }

    /// Parses an ISO 8601 date of the corpus.
    private static func date(_ text: String) -> TemplateDate {
        var numbers: [Int] = []
        var rest = text[...]
        var zone: TemplateDate.Zone?
        if let time = rest.firstIndex(of: "T"), let sign = rest.lastIndex(where: { "+-".contains($0) }), sign > time {
            let parts = rest[rest.index(after: sign)...].split(separator: ":").compactMap { Int($0) }
            if parts.count == 2 {
                let offset = (parts[0] * 60 + parts[1]) * 60 * (rest[sign] == "-" ? -1 : 1)
                let name = "UTC" + (offset == 0 ? "" : String(rest[sign...]))
                zone = TemplateDate.Zone(offset: offset, name: name)
                rest = rest[..<sign]
            }
        }
        if let point = rest.firstIndex(of: ".") {
            // The digits after the point are fractions of a second, in any number.
            let digits = rest[rest.index(after: point)...]
            rest = rest[...point] + (digits + String(repeating: "0", count: max(0, 6 - digits.count)))
        }
        numbers = rest.split { !$0.isNumber }.compactMap { Int($0) }
        if !text.contains("-") || text.first(where: { "-:".contains($0) }) == ":" {
            return TemplateDate(
                hour: numbers[0], minute: numbers[1], second: numbers.count > 2 ? numbers[2] : 0,
                microsecond: numbers.count > 3 ? numbers[3] : 0)
        }
        guard numbers.count > 3 else { return TemplateDate(year: numbers[0], month: numbers[1], day: numbers[2]) }
        return TemplateDate(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
            second: numbers.count > 5 ? numbers[5] : 0, microsecond: numbers.count > 6 ? numbers[6] : 0, zone: zone)
    }
}
