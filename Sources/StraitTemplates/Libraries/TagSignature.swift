/// The parameters of a simple tag, as a function's of Python: `TagSignature("first", "second=1")` has one that must be
/// given and one that need not.
public struct TagSignature: Sendable, ExpressibleByArrayLiteral {
    struct Parameter: Sendable {
        let name: String
        let isOptional: Bool
    }

    let parameters: [Parameter]
    /// Whether it takes more in their order (Python's `*args`).
    let takesMore: Bool
    /// Whether it takes any other names (Python's `**kwargs`).
    let takesAnyName: Bool

    /// Parameters by name; one with `=` behind its name need not be given.
    public init(_ parameters: [String], takesMore: Bool = false, takesAnyName: Bool = false) {
        self.parameters = parameters.map { text in
            let name = text.split(separator: "=", maxSplits: 1).first.map { String($0) } ?? text
            return Parameter(name: name, isOptional: name != text)
        }
        self.takesMore = takesMore
        self.takesAnyName = takesAnyName
    }

    public init(arrayLiteral elements: String...) { self.init(elements) }

    /// Whatever is given.
    public static let any = TagSignature([], takesMore: true, takesAnyName: true)

    /// Refuses arguments that do not fit (Django's `parse_bits`).
    func check(_ tag: String, positional: Int, named: [String]) throws(TemplateError) {
        if positional > parameters.count, !takesMore {
            throw .syntax("'\(tag)' received too many arguments. Expected at most \(parameters.count).")
        }
        for name in named where !takesAnyName && !parameters.contains(where: { $0.name == name }) {
            throw .syntax(
                "'\(tag)' received an unexpected argument '\(name)'. Expected \(parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", "))."
            )
        }
        let taken = parameters.prefix(positional).map(\.name)
        if let twice = named.first(where: { taken.contains($0) }) {
            throw .syntax("'\(tag)' received the argument '\(twice)' twice. Give it once.")
        }
        let missing = parameters.dropFirst(positional).filter { !$0.isOptional && !named.contains($0.name) }
        guard missing.isEmpty else {
            throw .syntax(
                "'\(tag)' did not receive the argument \(missing.map { "'\($0.name)'" }.joined(separator: ", ")). Give it behind the tag's name."
            )
        }
    }
}

/// The arguments of a simple tag.
public struct TagArguments: Sendable {
    /// Those in their order that have no name.
    public let positional: [TemplateValue]
    /// Those with a name, in their order.
    public let named: [(name: String, value: TemplateValue)]
    private let signature: TagSignature

    init(positional: [TemplateValue], named: [(name: String, value: TemplateValue)], signature: TagSignature) {
        self.positional = positional
        self.named = named
        self.signature = signature
    }

    /// The argument of a parameter, wherever it was given, or nil where it was not.
    public subscript(name: String) -> TemplateValue? {
        if let value = named.first(where: { $0.name == name })?.value { return value }
        return signature.parameters.firstIndex { $0.name == name }.flatMap { positional.at($0) }
    }

    /// The argument at `index` of those that have no name, or nil.
    public subscript(index: Int) -> TemplateValue? { positional.at(index) }
}

extension TemplateValue {
    /// The whole number that it is, or that its text is (Python's `int`), or nil.
    public var wholeNumber: Int? { asInt }
    /// The number that it is, or that its text is (Python's `float`), or nil.
    public var number: Double? { asDouble }
}
