import Foundation
import Testing

/// Checks that a site's state is neither in a global variable nor task-local. Two sites in one process, such as in two
/// tests, share no state.
@Suite struct GlobalState {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Global state that is not a site's, with the reason.
    private static let exceptions = [
        // A cache of the system's time zone files, which are the same for all sites.
        "ZoneNames.swift": "private static let zones = Mutex<[String: Zone]>([:])"
    ]

    private static func lines(in folder: String) -> [(file: String, line: String)] {
        let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.flatMap { url in
            let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").map { (url.lastPathComponent, String($0)) }
        }
    }

    @Test(arguments: ["Sources", "Examples"])
    func `there are no mutable static or global variables and no task-local values`(folder: String) {
        let lines = Self.lines(in: folder)
        #expect(lines.count > 500)
        for (file, line) in lines {
            let code = String(line.drop { $0 == " " })
            if code.hasPrefix("//") || Self.exceptions[file] == code { continue }
            #expect(!Self.isGlobalState(code, isTopLevel: line.first != " "), "\(file): \(code)")
        }
    }

    private static func isGlobalState(_ code: String, isTopLevel: Bool) -> Bool {
        let words = code.split(separator: " ").prefix { !$0.contains("=") && !$0.contains("{") }
        if code.hasPrefix("@TaskLocal") { return true }
        guard words.contains("static") || isTopLevel else { return false }
        let isStored = code.contains(" = ") && !code.contains("{ get") && !words.contains("func")
        let changes = code.contains("Mutex") || code.contains("Atomic<") || code.contains("Atomic(")
        return words.contains("let") && changes && isStored || words.contains("var") && isStored && !code.hasSuffix("{")
    }

    @Test(arguments: [
        ("static let all = Mutex<[Int]>([])", true), ("private static let count = Atomic<Int>(0)", true),
        ("nonisolated(unsafe) static var last = 0", true), ("@TaskLocal static var current: Int?", true),
        ("static let name = \"x\"", false), ("static var options: [Int] { [] }", false),
        ("private let all = Mutex([1])", false),
    ])
    func `global state is distinguished from other declarations`(code: String, isGlobal: Bool) {
        #expect(Self.isGlobalState(code, isTopLevel: false) == isGlobal)
    }
}
