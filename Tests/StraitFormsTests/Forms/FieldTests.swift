import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitTesting
import StraitText
import Testing

@Suite struct FieldTests {
    private static let required = "This field is required."

    @Test func `CharField strips text and counts its length as Python does`() {
        #expect(send("  a b\u{A0}\n", to: CharField()).value == "a b")
        #expect(send(" a ", to: CharField(strip: false)).value == " a ")
        #expect(send("   ", to: CharField()).errors.map(\.message) == [Self.required])
        #expect(send(to: CharField()).errors.map(\.code) == ["required"])
        #expect(send("", to: CharField(required: false)).value == "")
        #expect(
            send("abc", to: CharField(maxLength: 2)).errors.map(\.message)
                == ["Ensure this value has at most 2 characters (it has 3)."])
        #expect(
            send("", to: CharField(minLength: 2, required: false)).errors.isEmpty)
        #expect(
            send("ab", to: CharField(maxLength: 1)).errors.map(\.message)
                == ["Ensure this value has at most 1 character (it has 2)."])
        #expect(send("👩‍👩‍👧", to: CharField(maxLength: 4)).errors.first?.message.contains("(it has 5)") == true)
        #expect(send("a\0", to: CharField()).errors.map(\.code) == ["null_characters_not_allowed"])
        #expect(send("a", "b", to: CharField()).value == "b")
    }

    @Test func `a field's custom message replaces the default error message`() {
        let field = CharField(messages: ["required": "Tell us your name."])
        #expect(send("", to: field).errors == [ValidationError("Tell us your name.", code: "required")])
    }

    @Test func `all validators run and all their errors are reported`() {
        let field = IntegerField(
            max: 3, validators: [Validator { if $0 % 2 != 0 { throw ValidationError("Enter an even number.") } }])
        #expect(
            send("5", to: field).errors.map(\.message)
                == ["Enter an even number.", "Ensure this value is less than or equal to 3."])
        #expect(field.value == nil)
    }

    @Test func `RegexField matches the whole text`() {
        #expect(send("ab12", to: RegexField(#/[a-z]+\d+/#)).value == "ab12")
        #expect(send("ab12!", to: RegexField(#/[a-z]+\d+/#)).errors.map(\.message) == ["Enter a valid value."])
    }

    @Test func `EnumField selects a case by its raw value`() {
        enum Size: String, CaseIterable { case small, large }
        #expect(send("large", to: EnumField(Size.self)).value == .large)
        #expect(send("huge", to: EnumField(Size.self)).errors.map(\.code) == ["invalid_choice"])
        #expect(
            EnumField(Size.self, required: false).html.description.contains("<option value=\"\" selected>---------<"))
    }

    @Test func `NullBooleanField has no errors, and shows what it has read`() {
        for (text, value) in [("true", true), ("True", true), ("2", true), ("false", false), ("3", false)] {
            #expect(send(text, to: NullBooleanField()).value == value)
        }
        for text in ["", "unknown", "1", "yes", "TRUE"] {
            let field = NullBooleanField(initial: true)
            let (value, errors) = send(text, to: field)
            #expect(value == nil && errors.isEmpty)
            #expect(field.html.description.contains("<option value=\"unknown\" selected>Unknown</option>"))
        }
        #expect(NullBooleanField(initial: false).html.description.contains("<option value=\"false\" selected>No<"))
    }

    @Test func `DecimalField keeps exact digits and limits their number`() {
        #expect(send("1.10", to: DecimalField(maxDigits: 3, decimalPlaces: 2)).value == Decimal(string: "1.10"))
        #expect(
            send("12.345", to: DecimalField(maxDigits: 4, decimalPlaces: 2)).errors.map(\.code) == ["max_digits"])
    }

    @Test func `FileField checks a file's presence, size and name`() throws {
        func send(_ file: UploadedFile?, to field: FileField) -> (UploadedFile?, [String]) {
            let form = OneField(field)
            form.bind(FormData(files: file.map { [$0] } ?? []))
            _ = form.isValid
            return (field.value, field.errors.map(\.message))
        }
        let file = UploadedFile(name: "field", filename: "abc.txt", "hello")
        #expect(send(file, to: FileField()).0?.size == 5)
        #expect(send(nil, to: FileField()).1 == [Self.required])
        #expect(send(nil, to: FileField(required: false)).1 == [])
        #expect(
            send(file, to: FileField(maxLength: 5)).1 == ["Ensure this filename has at most 5 characters (it has 7)."])
        #expect(send(file, to: FileField(maxBytes: 4)).1 == ["Ensure this file has at most 4 bytes (it has 5)."])
        let empty = UploadedFile(name: "field", filename: "a", "")
        #expect(send(empty, to: FileField()).1 == ["The submitted file is empty."])
        #expect(send(empty, to: FileField(allowEmptyFile: true)).0?.size == 0)
    }

    @Test func `a file field keeps its current file, or clears it`() {
        let current = CurrentFile(name: "a&b.txt", url: "/media/a%26b.txt")
        func send(_ field: FileField, _ box: String?, _ file: UploadedFile? = nil) -> String {
            let form = OneField(field)
            let items = box.map { [QueryString.Item(name: "field-clear", value: $0)] } ?? []
            form.bind(FormData(fields: QueryString(items), files: file.map { [$0] } ?? []))
            let state = form.isValid ? (field.isCleared ? "cleared" : field.value.map(\.filename) ?? "kept") : ""
            return ([state] + field.errors.map(\.code)).joined()
        }
        let file = UploadedFile(name: "field", filename: "new.txt", "x")
        #expect(send(FileField(current: current), nil) == "kept")
        #expect(send(FileField(current: current), "on") == "kept")
        #expect(send(FileField(current: current, required: false), "on") == "cleared")
        #expect(send(FileField(current: current, required: false), "False") == "kept")
        #expect(send(FileField(current: current, required: false), "on", file) == "contradiction")
        #expect(send(FileField(current: current), nil, file) == "new.txt")
        #expect(
            "\(OneField(FileField(current: current, required: false)).field.html)" == """
                Currently: <a href="/media/a%26b.txt">a&amp;b.txt</a>
                <input type="checkbox" name="field-clear" id="field-clear_id">
                <label for="field-clear_id">Clear</label><br>
                Change:
                <input type="file" name="field" id="id_field">
                """)
    }

    /// The name of a file, its first bytes, and the code of its error.
    private static let images: [(String, String, String?)] = [
        ("a.png", "\u{89}PNG\r\n\u{1A}\n1", nil), ("a.JPEG", "\u{FF}\u{D8}\u{FF}", nil), ("a.gif", "GIF89a", nil),
        ("a.webp", "RIFF____WEBP", nil), ("a.ico", "\0\0\u{1}\0", nil), ("a.avif", "\0\0\0 ftypavif", nil),
        ("a.tiff", "MM\0*", nil), ("a.png", "<script>", "invalid_image"), ("a.png", "\u{89}", "invalid_image"),
        ("a.svg", "<svg>", "invalid_image"), ("a.html", "GIF89a", "invalid_extension"),
        ("png", "GIF89a", "invalid_extension"), (".png", "GIF89a", "invalid_extension"), ("a.png", "", "empty"),
    ]

    @Test(arguments: images)
    func `an image has the name and the first bytes of one`(name: String, start: String, error: String?) {
        let bytes = start.unicodeScalars.map { UInt8($0.value) }
        let field = ImageField()
        let form = OneField(field)
        form.bind(FormData(files: [UploadedFile(name: "field", filename: name, Bytes(bytes))]))
        #expect(form.isValid == (error == nil) && field.errors.map(\.code) == (error.map { [$0] } ?? []))
        #expect(field.value?.filename == (error == nil ? name : nil))
    }

    @Test func `an image that cannot be read has Django's errors`() {
        func message(_ name: String, _ text: String) -> String? {
            let form = OneField(ImageField())
            form.bind(FormData(files: [UploadedFile(name: "field", filename: name, Bytes(text.utf8))]))
            return form.field.errors.first?.message
        }
        #expect(
            message("a.png", "x")
                == "Upload a valid image. The file you uploaded was either not an image or a corrupted image.")
        #expect(
            message("a.Txt", "GIF87a")
                == "File extension “txt” is not allowed. Allowed extensions are: avif, bmp, gif, ico, jfif, jpe, jpeg, "
                + "jpg, png, tif, tiff, webp.")
    }

    @Test(arguments: Seeds(300))
    func `every field accepts or rejects any text without crashing`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "1", "-", "+", ".", "e", "E9", "0", ":", "/", "@", "[", "]", "::1", "a", "b.co", "http://", "\"", "\\", " ",
            "\u{0}", "é", "２", "T", "Z", "%", "2026-02-29", "12:60", "{", "🌍", "\u{1C}", "999999999999999999999",
        ]
        let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
            pieces.randomElement(using: &generator)!
        }.joined()
        let fields: [Field] = [
            CharField(), EmailField(), URLField(), SlugField(), IntegerField(), FloatField(),
            DecimalField(maxDigits: 5, decimalPlaces: 2),
            DateField(), TimeField(), DateTimeField(), UUIDField(), BooleanField(), ChoiceField(choices: ["a"]),
            MultipleChoiceField(choices: ["a"]),
        ]
        for field in fields {
            let form = OneField(field)
            form.bind(FormData(["field": text]))
            #expect(form.isValid == field.errors.isEmpty, "seed \(seed)")
            #expect(!form.asDiv.description.contains("\u{22}\u{22}\u{22}"), "seed \(seed)")
        }
    }
}
