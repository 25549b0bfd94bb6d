internal import StraitLayers

/// A value of a setting and where it stands in it.
struct SettingValue {
    static let root = "CHANNEL_LAYERS"

    let path: String
    let value: LayerValue

    /// The whole setting.
    init(_ value: LayerValue) {
        path = Self.root
        self.value = value
    }

    private init(path: String, _ value: LayerValue) {
        self.path = path
        self.value = value
    }

    /// An error about this value: `problem` goes on after its path.
    func error(_ problem: String, _ advice: String) -> ChannelLayersSettingError {
        ChannelLayersSettingError(path: path, problem: problem, advice: advice)
    }

    var isNull: Bool { value == .null }

    /// The entries of an object, which is called `expected` where this is none.
    func members(_ expected: String) throws(ChannelLayersSettingError) -> [(key: String, value: SettingValue)] {
        guard case .object(let object) = value else { throw mismatch(expected) }
        return object.elements.map { key, value in
            (key, SettingValue(path: "\(path)[\(Self.quote(key))]", value))
        }
    }

    func elements(_ expected: String) throws(ChannelLayersSettingError) -> [SettingValue] {
        guard case .array(let elements) = value else { throw mismatch(expected) }
        return elements.indices.map { SettingValue(path: "\(path)[\($0)]", elements[$0]) }
    }

    func string(_ expected: String) throws(ChannelLayersSettingError) -> String {
        guard case .string(let text) = value else { throw mismatch(expected) }
        return text
    }

    func bool() throws(ChannelLayersSettingError) -> Bool {
        guard case .bool(let value) = value else { throw mismatch("true or false") }
        return value
    }

    /// A whole number of `range`; Python's `60.0` is one as well.
    func whole(_ range: ClosedRange<Int>, _ expected: String) throws(ChannelLayersSettingError) -> Int {
        guard let number = value.int else { throw mismatch(expected) }
        guard range.contains(number) else { throw error("is \(number)", "Write \(expected).") }
        return number
    }

    func mismatch(_ expected: String) -> ChannelLayersSettingError {
        error("is \(kind)", "Write \(expected).")
    }

    /// What the value is, without what it says: even a number may be a password.
    private var kind: String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int, .unsigned, .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// A key in quotes. One that is no name may be a URL with a password that went astray.
    private static func quote(_ key: String) -> String {
        let isName = key.utf8.count <= 40 && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        return isName ? "\"\(key)\"" : "\"…\""
    }
}
