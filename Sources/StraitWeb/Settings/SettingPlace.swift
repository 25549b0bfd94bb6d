/// The place that gives a setting a value, when it is not the program itself.
package enum SettingPlace: Hashable, Sendable, CustomStringConvertible {
    /// A line of a file, the first one of a value that spans several.
    case file(String, line: Int)
    case environment

    package var description: String {
        switch self {
        case .file(let name, let line): "\(name): line \(line)"
        case .environment: "in the environment"
        }
    }
}
