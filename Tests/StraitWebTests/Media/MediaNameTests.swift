import StraitWeb
import Testing

@Suite struct MediaNames {
    @Test(arguments: [
        ("john's portrait in 2004.jpg", "johns_portrait_in_2004.jpg"), ("../../etc/passwd", "etcpasswd"),
        ("C:\\photos\\tea.png", "Cphotostea.png"), (".hidden", "hidden"), ("Tür 茶.jpg", "Tür_茶.jpg"), ("", "file"),
        ("...", "file"), ("a\0b\n", "ab"), ("²x", "²x"),
    ])
    func `a user's file name is changed to one that is valid on every file system`(name: String, valid: String) {
        #expect(MediaName.valid(name) == valid)
    }

    @Test func `a long name is shortened but keeps its extension`() {
        let name = MediaName.valid(String(repeating: "é", count: 300) + ".jpeg")
        #expect(name.utf8.count <= 200)
        #expect(name.hasSuffix("é.jpeg"))
        #expect(MediaName.valid("a." + String(repeating: "x", count: 300)).utf8.count == 200)
    }
}
