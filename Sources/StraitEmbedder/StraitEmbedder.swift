import Foundation

/// The program that the plugin `StraitAppFiles` runs during a build. It generates a Swift file with an app's files.
@main struct StraitEmbedder {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard words.count >= 3 else { fail("Usage: StraitEmbedder TARGET-FOLDER PACKAGE-FOLDER OUTPUT [SOURCE …]") }
        let list = Array(words)
        let (folder, package, output) = (list[0], list[1], list[2])
        do throws(EmbedError) {
            var declarations = SourceDeclarations()
            for source in list[3...] {
                guard let text = try? String(contentsOfFile: source, encoding: .utf8) else {
                    throw EmbedError("\(source) cannot be read as UTF-8. Save it in that encoding.")
                }
                declarations.read(text)
            }
            declarations.sort()
            let text = try AppFilesSource(
                folder: folder, files: AppFolder(path: folder, package: package).files(), declarations: declarations
            ).text()
            // An unchanged file need not be compiled again.
            if FileManager.default.contents(atPath: output) == Data(text) { return }
            do { try Data(text).write(to: URL(filePath: output)) } catch {
                throw EmbedError("\(output) cannot be written: \(error). Give the build's user the right to write it.")
            }
        } catch {
            fail(error.description)
        }
    }

    /// Exits with an error. The build fails and shows `reason`.
    private static func fail(_ reason: String) -> Never {
        FileHandle.standardError.write(Data("error: \(reason)\n".utf8))
        exit(1)
    }
}
