import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitTesting
import StraitText
import Testing

/// Form fields take linear time for any text, and accept or reject it without crashing.
@Suite struct `Extreme form input` {
    enum Size: String, CaseIterable {
        case small
        case e = "e\u{301}"
    }

    /// At least one field of each type.
    private static var fields: [Field] {
        [
            CharField(), CharField(minLength: 2, maxLength: 5), EmailField(), URLField(), SlugField(),
            RegexField(#/.+/#), RegexField(#/(a|\u{301}|\u{323})+/#, longestMatch: 1 << 20), IntegerField(),
            IntegerField(min: .min, max: .max), FloatField(), FloatField(min: -.infinity, max: .nan), DecimalField(),
            DecimalField(maxDigits: 5, decimalPlaces: 2), DecimalField(min: 0, max: 9, decimalPlaces: 50), DateField(),
            TimeField(), DateTimeField(), UUIDField(), BooleanField(), BooleanField(widget: .hidden),
            ChoiceField(choices: ["a", "e\u{301}"]), MultipleChoiceField(choices: ["a"], widget: .checkboxes),
            EnumField(Size.self), FileField(), FileField(maxLength: 5),
        ]
    }

    @Test(arguments: 0..<fields.count)
    func `a field's time grows linearly with its input`(index: Int) {
        let growth = TimeGrowth.smallest(from: 64 << 10) { size in
            (0..<3).map { _ in CombiningMarks.text(bytes: size) }
        } _: { (texts: [String]) in
            let field = Self.fields[index]
            let form = OneField(field)
            let file = UploadedFile(name: texts[0], filename: texts[1], "x")
            form.bind(
                FormData(
                    fields: QueryString(
                        [("field", texts[0]), (texts[1], "1"), ("field", texts[2]), ("field", "  " + texts[0])].map {
                            QueryString.Item(name: $0.0, value: $0.1)
                        }), files: [file, UploadedFile(name: "field", filename: texts[0], "x")]))
            _ = (form.isValid, form.asDiv, form.errors.count, field.html)
        }
        #expect(growth < 2.5)
    }

    @Test func `looking up a form's values and files takes linear time`() {
        let growth = TimeGrowth.smallest(from: 64 << 10) { size in
            (CombiningMarks.text(bytes: size), CombiningMarks.text(bytes: size))
        } _: { texts in
            let form = FormData(
                fields: QueryString([.init(name: texts.0, value: texts.0)]),
                files: [UploadedFile(name: texts.0, filename: texts.0, "x")])
            _ = (form[texts.1], form.values(of: texts.1), form.file(texts.1), form.files(of: texts.1))
        }
        #expect(growth < 2.5)
    }

    @Test(arguments: 0..<fields.count)
    func `every field accepts or rejects extreme text without crashing`(index: Int) {
        let texts = [
            "", " ", "0", "-0", "+5", "nan", "inf", "-Infinity", "0x1p3", "1e308", "1e309", "-1e308", "1e-400",
            "5e-324",
            "1e-9223372036854775808", "1e9223372036854775807", "9223372036854775807", "-9223372036854775808",
            "9223372036854775808", "1" + String(repeating: "0", count: 400), String(repeating: "9", count: 5000) + ".0",
            "9999-12-31T23:59:59.999999+23:59", "0001-01-01T00:00-23:59", "9999-W52-7", "0001-W01-1", "9999-W53-1",
            "99999999-99-99", "24:00:60.9999999", "e\u{301}", "\u{E9}", "\u{0}", "\u{10FFFF}", "1\u{37E}",
            String(repeating: "1:", count: 1000), String(repeating: "-", count: 1000), "@", "a@", "://", "http://[",
            "{}", "urn:",
        ]
        for text in texts {
            let field = Self.fields[index]
            let form = OneField(field)
            form.bind(FormData(["field": text]))
            #expect(form.isValid == field.errors.isEmpty)
            #expect(!form.asDiv.description.isEmpty)
        }
    }

    @Test func `choices and names that look the same but differ in their Unicode scalars are distinct`() {
        #expect(send("\u{E9}", to: ChoiceField(choices: ["e\u{301}"])).errors.map(\.code) == ["invalid_choice"])
        #expect(send("e\u{301}", to: ChoiceField(choices: ["e\u{301}"])).value == "e\u{301}")
        #expect(send("\u{E9}", to: MultipleChoiceField(choices: ["e\u{301}"])).errors.map(\.code) == ["invalid_choice"])
        #expect(send("\u{E9}", to: EnumField(Size.self)).errors.map(\.code) == ["invalid_choice"])
        #expect(send("e\u{301}", to: EnumField(Size.self)).value == .e)
        let form = FormData(["e\u{301}": "1", "\u{E9}": "2"])
        #expect(form["e\u{301}"] == "1")
        #expect(form["\u{E9}"] == "2")
    }

    @Test func `RegexField matches Unicode scalars and rejects text longer than its limit`() {
        #expect(send("e\u{301}", to: RegexField(#/../#)).errors.isEmpty)
        #expect(send("\r\n", to: RegexField(#/\r\n/#)).errors.isEmpty)
        let long = String(repeating: "a", count: 1025)
        #expect(send(long, to: RegexField(#/a+/#)).errors.map(\.message) == ["Enter a valid value."])
        #expect(send(long, to: RegexField(#/a+/#, longestMatch: 2000)).errors.isEmpty)
        #expect(
            send(String(repeating: "a", count: 28) + "!", to: RegexField(#/[a-z]+/#, maxLength: 3)).errors.map(\.code)
                == ["max_length", "invalid"])
    }

    @Test func `DecimalField reports errors of both its range and its digits`() {
        let field = DecimalField(min: 5, max: 10, maxDigits: 3, decimalPlaces: 1)
        #expect(send("1234.56", to: field).errors.map(\.code) == ["max_value", "max_digits"])
        #expect(send("0.001", to: field).errors.map(\.code) == ["min_value", "max_decimal_places"])
        #expect(send("1e300", to: DecimalField()).errors.map(\.code) == ["max_digits"])
    }
}
