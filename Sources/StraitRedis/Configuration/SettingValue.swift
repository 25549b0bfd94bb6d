internal import StraitLayers

/// A value in the setting, with its path.
struct SettingValue {
    static let root = "CHANNEL_LAYERS"

    let path: String
    let value: LayerValue

    /// Creates the value for the whole setting.
    init(_ value: LayerValue) {
        path = Self.root
        self.value = value
    }

    private init(path: String, _ value: LayerValue) {
        self.path = path
        self.value = value
    }

    /// Returns an error about this value. `problem` completes a sentence that begins with the path.
    func error(_ problem: String, _ advice: String) -> ChannelLayersSettingError {
        ChannelLayersSettingError(path: path, problem: problem, advice: advice)
    }

    var isNull: Bool { value == .null }

    /// Returns the entries of an object.
    ///
    /// - Throws: An error with `expected` if the value is not an object.
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

    /// Returns a whole number in `range`. Python's `60.0` is accepted too.
    func whole(_ range: ClosedRange<Int>, _ expected: String) throws(ChannelLayersSettingError) -> Int {
        guard let number = value.int else { throw mismatch(expected) }
        guard range.contains(number) else { throw error("is \(number)", "Write \(expected).") }
        return number
    }

    func mismatch(_ expected: String) -> ChannelLayersSettingError {
        error("is \(kind)", "Write \(expected).")
    }

    /// The value's type, without the value: even a number may be a password.
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

    /// Returns `key` in quotes, or an ellipsis if it is not a plain name: it may be a misplaced URL with a password.
    private static func quote(_ key: String) -> String {
        let isName = key.utf8.count <= 40 && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        return isName ? "\"\(key)\"" : "\"…\""
    }
}
