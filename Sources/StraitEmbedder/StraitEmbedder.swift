import Foundation

/// The program that the plugin `StraitAppFiles` runs during a build. It generates a Swift file with an app's files.
@main struct StraitEmbedder {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard let folder = words.first, let package = words.dropFirst().first, let output = words.last, words.count == 3
        else { fail("Usage: StraitEmbedder TARGET-FOLDER PACKAGE-FOLDER OUTPUT") }
        do throws(EmbedError) {
            let text = try AppFilesSource(folder: folder, files: AppFolder(path: folder, package: package).files())
                .text()
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
