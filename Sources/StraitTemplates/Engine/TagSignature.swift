/// The parameters of a simple tag, like those of a Python function.
///
/// `TagSignature(["first", "second=1"])` has a required and an optional parameter.
public struct TagSignature: Sendable, ExpressibleByArrayLiteral {
    struct Parameter: Sendable {
        let name: String
        let isOptional: Bool
    }

    let parameters: [Parameter]
    /// Whether the tag takes any number of positional arguments (Python's `*args`).
    let takesMore: Bool
    /// Whether the tag takes named arguments that are not parameters (Python's `**kwargs`).
    let takesAnyName: Bool

    /// Creates a signature from parameter names. A name that is followed by `=` is optional; the text after `=` is
    /// ignored.
    public init(_ parameters: [String], takesMore: Bool = false, takesAnyName: Bool = false) {
        self.parameters = parameters.map { text in
            let name = text.split(separator: "=", maxSplits: 1).first.map { String($0) } ?? text
            return Parameter(name: name, isOptional: name != text)
        }
        self.takesMore = takesMore
        self.takesAnyName = takesAnyName
    }

    /// Creates a signature from parameter names; one with `=` is optional.
    public init(arrayLiteral elements: String...) { self.init(elements) }

    /// A signature that takes any arguments.
    public static let any = TagSignature([], takesMore: true, takesAnyName: true)

    /// Throws `syntax` if the arguments do not match the parameters (Django's `parse_bits`).
    func check(_ tag: String, positional: Int, named: [String]) throws(TemplateError) {
        if positional > parameters.count, !takesMore {
            throw .syntax("'\(tag)' received too many arguments. Expected at most \(parameters.count).")
        }
        for name in named where !takesAnyName && !parameters.contains(where: { $0.name == name }) {
            throw .syntax(
                """
                '\(tag)' received an unexpected argument '\(name)'. \
                Expected \(parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", ")).
                """)
        }
        let taken = parameters.prefix(positional).map(\.name)
        if let twice = named.first(where: { taken.contains($0) }) {
            throw .syntax("'\(tag)' received the argument '\(twice)' twice. Give it once.")
        }
        let missing = parameters.dropFirst(positional).filter { !$0.isOptional && !named.contains($0.name) }
        guard missing.isEmpty else {
            throw .syntax(
                """
                '\(tag)' did not receive the argument \
                \(missing.map { "'\($0.name)'" }.joined(separator: ", ")). Add it after the tag's name.
                """)
        }
    }
}

/// The arguments of a call of a simple tag.
public struct TagArguments: Sendable {
    /// The positional arguments, in order.
    public let positional: [TemplateValue]
    /// The named arguments, in order.
    public let named: [(name: String, value: TemplateValue)]
    private let signature: TagSignature

    init(positional: [TemplateValue], named: [(name: String, value: TemplateValue)], signature: TagSignature) {
        self.positional = positional
        self.named = named
        self.signature = signature
    }

    /// The argument for the parameter `name`, whether it was passed by position or by name. Nil if it was not passed.
    public subscript(name: String) -> TemplateValue? {
        if let value = named.first(where: { $0.name == name })?.value { return value }
        return signature.parameters.firstIndex { $0.name == name }.flatMap { positional.at($0) }
    }

    /// The positional argument at `index`, or nil.
    public subscript(index: Int) -> TemplateValue? { positional.at(index) }
}

extension TemplateValue {
    /// The value as a whole number, by the rules of Python's `int`. Nil if it is not one or does not fit in 64 bits.
    public var wholeNumber: Int? { asInt }
    /// The value as a floating-point number, by the rules of Python's `float`, or nil.
    public var number: Double? { asDouble }
}
