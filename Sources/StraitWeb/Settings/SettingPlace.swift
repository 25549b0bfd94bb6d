/// The place outside the program that gives a setting its value.
package enum SettingPlace: Hashable, Sendable, CustomStringConvertible {
    /// A line of a file. For a value that spans several lines, its first line.
    case file(String, line: Int)
    case environment

    package var description: String {
        switch self {
        case .file(let name, let line): "\(name): line \(line)"
        case .environment: "in the environment"
        }
    }
}
