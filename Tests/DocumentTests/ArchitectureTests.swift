import Foundation
import Testing

/// Checks ARCHITECTURE.md against the sources.
@Suite struct Architecture {
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The parts of `text` between single backticks.
    private func quoted(_ text: Substring) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private func isPath(_ name: String) -> Bool {
        ["Sources", "Tests", "Examples"].contains { name == $0 || name.hasPrefix($0 + "/") }
    }

    @Test func `every path on the page exists`() throws {
        let page = try String(contentsOf: root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let paths = quoted(page[...]).filter(isPath)
        #expect(paths.count > 20)
        for path in paths {
            #expect(FileManager.default.fileExists(atPath: root.appending(path: path).path), "\(path) does not exist")
        }
    }

    @Test func `every step of a path names declarations of its files`() throws {
        let page = try String(contentsOf: root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let paths = page.components(separatedBy: "\n## ").filter { $0.hasPrefix("The path of ") }
        #expect(paths.count >= 9)
        for path in paths {
            // A step begins with its number and continues in indented lines.
            let steps = path.replacingOccurrences(of: "\n   ", with: " ").split(separator: "\n").filter {
                $0.first?.isNumber == true
            }
            #expect(steps.count >= 4)
            for step in steps {
                let names = quoted(step)
                let sources = try names.filter { isPath($0) && $0.hasSuffix(".swift") }.map {
                    try String(contentsOf: root.appending(path: $0), encoding: .utf8)
                }
                if sources.isEmpty { continue }
                for name in names where !isPath(name) && !name.contains(":") {
                    #expect(sources.contains { $0.contains(name) }, "\(name) is not in the files of: \(step)")
                }
            }
        }
    }

    @Test func `every type that the page names is declared`() throws {
        let page = try String(contentsOf: root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let files = FileManager.default.enumerator(at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var sources = ""
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "swift" { sources += try String(contentsOf: file, encoding: .utf8) }
        }
        let types = Set(quoted(page[...]).filter { $0.first?.isUppercase == true && !isPath($0) && !$0.contains(" ") })
        #expect(types.count > 10)
        // Types of the standard library are not declared here.
        for type in types.subtracting(["AsyncSequence", "Character", "String"]) {
            let isDeclared = ["class", "struct", "enum", "protocol", "actor"].contains {
                sources.contains("\($0) \(type)")
            }
            #expect(isDeclared, "no type is called \(type)")
        }
    }
}
