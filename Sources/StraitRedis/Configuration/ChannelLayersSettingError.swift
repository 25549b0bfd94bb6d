import StraitJSON
internal import StraitNetwork

/// Why a text is no setting `CHANNEL_LAYERS`. It says where and what to write, and quotes no value: any may be a
/// secret.
public struct ChannelLayersSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where it is wrong: `CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]`.
    public let path: String
    /// Where it is wrong, how, and what to write.
    public let description: String

    /// `problem` goes on after the path.
    init(path: String, problem: String, advice: String) {
        self.path = path
        description = "\(path) \(problem). \(advice)"
    }

    /// That `text` is no JSON, with the line and the column.
    static func noJSON(_ error: JSONError, in text: Bytes) -> ChannelLayersSettingError {
        let (line, column) = error.place(in: text)
        return ChannelLayersSettingError(
            path: SettingValue.root, problem: "is no JSON in line \(line), column \(column): \(error.reason)",
            advice: "JSON has double quotes, no comma behind the last entry, and true, false and null.")
    }
}
