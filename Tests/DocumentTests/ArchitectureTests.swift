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

    @Test func `every step of a frame's path names code in its file`() throws {
        let page = try String(contentsOf: root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let way = try #require(
            page.components(separatedBy: "## The path of a frame").last?.components(separatedBy: "\n## ").first)
        // A step begins with its number and continues on indented lines.
        let steps = way.replacingOccurrences(of: "\n   ", with: " ").split(separator: "\n").filter {
            $0.first?.isNumber == true
        }
        #expect(steps.count >= 10)
        for step in steps {
            let names = quoted(step)
            let file = try #require(names.first(where: isPath))
            let source = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            for name in names where !isPath(name) { #expect(source.contains(name), "\(file) does not contain \(name)") }
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
