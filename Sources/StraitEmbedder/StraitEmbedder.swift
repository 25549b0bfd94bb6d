import Foundation

/// The program that the plugin `StraitAppFiles` runs in a build: writes a Swift file with the files of an app's folder.
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

    /// Ends the program; the build fails with `reason` as its error.
    private static func fail(_ reason: String) -> Never {
        FileHandle.standardError.write(Data("error: \(reason)\n".utf8))
        exit(1)
    }
}
