import StraitJSON
internal import StraitNetwork

/// An error in the setting `CHANNEL_LAYERS`, with its path and advice. It quotes no values, because any value may be a
/// secret.
public struct ChannelLayersSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the invalid value: `CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]`.
    public let path: String
    /// The path, the problem and advice.
    public let description: String

    /// `problem` completes a sentence that begins with the path.
    init(path: String, problem: String, advice: String) {
        self.path = path
        description = "\(path) \(problem). \(advice)"
    }

    /// The error for invalid JSON, with line and column.
    static func noJSON(_ error: JSONError, in text: Bytes) -> ChannelLayersSettingError {
        let (line, column) = error.place(in: text)
        return ChannelLayersSettingError(
            path: SettingValue.root, problem: "is not valid JSON in line \(line), column \(column): \(error.reason)",
            advice: "JSON has double quotes, no comma after the last entry, and true, false and null.")
    }
}
