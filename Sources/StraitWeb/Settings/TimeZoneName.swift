internal import Foundation
internal import StraitCommandLine
internal import StraitNetwork

/// Checks names of the IANA time zone database.
enum TimeZoneName {
    /// Returns the problem with `name`, worded to follow it, and the remedy; nil if it is a time zone.
    static func problem(of name: String) -> (text: String, hint: String)? {
        let text = "is not a time zone of the IANA database"
        if isOffset(name) { return (text, "Write a place such as Europe/Berlin, or Etc/GMT-3 for three hours east.") }
        if !name.isEmpty, name.utf8.allSatisfy({ $0 < 0x80 }), TimeZone(identifier: name) != nil { return nil }
        let meant = Spelling.closest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
        return (text, meant.map { "Did you mean \($0)?" } ?? "Write one such as Europe/Berlin or UTC.")
    }

    /// Whether `name` is an offset from UTC, such as `GMT+3`. Foundation accepts those, but the database does not have
    /// them.
    private static func isOffset(_ name: String) -> Bool {
        guard name.utf8.starts(with: "GMT".utf8) || name.utf8.starts(with: "UTC".utf8) else { return false }
        let rest = name.utf8.dropFirst(3)
        return rest.first == 0x2B || rest.first == 0x2D ? !rest.dropFirst().elementsEqual("0".utf8) : false
    }
}
