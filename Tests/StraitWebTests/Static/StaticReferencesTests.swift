import StraitCore
import Testing

@testable import StraitWeb

@Suite struct StaticReferencesTests {
    private func references(_ text: String, of name: String = "a.css") -> [String] {
        StaticReferences(in: Bytes(text), of: name).places.map(\.text)
    }

    @Test(
        arguments: [
            (#"a { b: url(x.png) }"#, ["x.png"]), (#"a { b: URL( "x.png" ) }"#, ["x.png"]),
            (#"a { b: Url('x.png') url(y.png) }"#, ["x.png", "y.png"]), (#"@import"other.css";"#, ["other.css"]),
            (#"@import 'other.css' screen;"#, ["other.css"]), (#"@IMPORT/* c */"other.css";"#, ["other.css"]),
            (#"@import url(other.css) layer(a);"#, ["other.css"]), (#"@import url("other.css");"#, ["other.css"]),
            ("@import\n\t\"a.css\";@import\"b.css\"", ["a.css", "b.css"]), (#"b{c:url(x.png"#, ["x.png"]),
            (#"a{b:url(  x.png)}"#, ["x.png"]), (#"a{b:url("a b.png")}"#, ["a b.png"]),
            (#"a{b:url(a\ b.png)}"#, ["a b.png"]), (#"a{b:url("\61 b.png")}"#, ["ab.png"]),
            (#"a{b:url("a\"b.png")}"#, [#"a"b.png"#]), ("a{b:url(\"a\\\nb.png\")}", ["ab.png"]),
            (#"@font-face{src:url(a.woff2)format("woff2"),url(b.ttf)}"#, ["a.woff2", "b.ttf"]),
        ])
    func `references are found in every form that CSS allows`(text: String, expected: [String]) {
        #expect(references(text) == expected)
    }

    @Test(arguments: [
        "/* url(x.png) */", "/* @import \"x.css\"; */", "a::before { content: \"url(x.png)\" }",
        "a { content: '@import \"x.css\"' }", "/* unclosed url(x.png)", "a{b:my-url(x.png)}", "a{b:url-x(x.png)}",
        "@important \"x.css\";", "#url(x.png)", "1url(x.png)", "a{b:url(x y.png)}", "a{b:url(x\"y.png)}",
        "a{b:url(\"x.png\n\")}", "@namespace svg url(x.png);", "@namespace \"x\";", "a{b: image-set(\"a.png\" 1x)}",
        "a{b:\"\\\"url(x.png)\"}", "/**//*/url(x.png)/**/",
    ])
    func `text in comments, strings and similar syntax is not a reference`(text: String) {
        #expect(references(text) == [])
    }

    @Test func `references are found after an unclosed string, a comment or a namespace`() {
        #expect(references("a{b:\"x\n}c{d:url(y.png)}") == ["y.png"])
        #expect(references("/* a */b{c:url(y.png)}/* d */") == ["y.png"])
        #expect(references("@namespace url(x);b{c:url(y.png)}") == ["y.png"])
        #expect(references("b{c:url(a\"b) url(y.png)}") == ["y.png"])
        #expect(references("\u{FEFF}@import 'y.png';") == ["y.png"])
    }

    @Test func `a source map reference is found in style sheets and scripts and is optional`() throws {
        for (text, name) in [
            ("a{}\n/*# sourceMappingURL=a.map */", "a.css"), ("/*#\tsourceMappingURL='a.map'*/", "a.CSS"),
            ("let a\n//# sourceMappingURL=a.map", "a.js"), ("//# sourceMappingURL=a.map\r\nlet a", "a.mjs"),
        ] {
            let places = StaticReferences(in: Bytes(text), of: name).places
            #expect(places.map(\.text) == ["a.map"] && places.allSatisfy(\.isOptional), "\(text)")
            let range = try #require(places.first).range
            #expect(String(decoding: Bytes(text).slice(range), as: UTF8.self) == "a.map")
        }
        #expect(references("/*# sourceMappingURL=a b */ /*# sourceMappingURL= */ /* sourceMappingURL=a */") == [])
        #expect(references("let a = '//# sourceMappingURL=a'", of: "a.js") == [])
        #expect(references("url(x.png)", of: "a.txt") == [])
    }

    @Test func `any bytes are parsed to their end in linear time`() throws {
        for unit in ["url(", "/*", "\"\\", "@import ", "url(\"", "*/", "\\", "url(a ", "/*# sourceMappingURL=", "'"] {
            _ = references(String(repeating: unit, count: 50_000))
        }
        var generator = SeededGenerator(seed: 7)
        let alphabet: [UInt8] = Array("url(\"')/*@import\\ \n#;{}a1".utf8) + [0x80, 0xC3, 0xFF, 0]
        for _ in 0..<2000 {
            let bytes = Bytes((0..<40).map { _ in alphabet.randomElement(using: &generator)! })
            for place in StaticReferences(in: bytes, of: "a.css").places {
                #expect(place.range.lowerBound >= 0 && place.range.upperBound <= bytes.count)
            }
        }
    }

    private func collect(_ files: [String: Bytes]) throws -> StaticCollection {
        try StaticCollection([.embedded(files)], baseURLs: ["/static/"])
    }

    @Test func `a missing file named in a comment is not an error`() throws {
        let css = "/* url(none.png) @import 'none.css'; */\na{}\n/*# sourceMappingURL=none.map */"
        let collection = try collect(["a.css": Bytes(css), "a.js": "let a\n//# sourceMappingURL=none.js.map"])
        #expect(collection.files["a.css"]?.contents == Bytes(css))
        #expect(collection.files["a.js"]?.contents == "let a\n//# sourceMappingURL=none.js.map")
    }

    @Test func `every reference is replaced by its hashed name, and nothing else changes`() throws {
        let collection = try collect([
            "css/a.css":
                #"@import"b.css";x{y:URL(../p.png)/* url(../p.png) */ url( "../p.png?#iefix" ) url(/static/p.png#x)}"#,
            "css/b.css": "b{}", "p.png": [1],
        ])
        let picture = try #require(collection.files["p.png"]).hashedName
        let other = try #require(collection.files["css/b.css"]?.hashedName.split(separator: "/").last)
        let text = String(decoding: try #require(collection.files["css/a.css"]).contents, as: UTF8.self)
        #expect(
            text
                == #"""
                @import"\#(other)";x{y:URL(../\#(picture))/* url(../p.png) */ url( "../\#(picture)?#iefix" ) \#
                url(/static/\#(picture)#x)}
                """#
        )
    }

    @Test func `a reference with CSS escapes is rewritten with percent-encoding`() throws {
        let collection = try collect([
            "a.css": #"a{b:url("it's (1).png") url(it\'s\ \(1\).png)}"#, "it's (1).png": [1],
        ])
        let hash = try #require(collection.files["it's (1).png"]).hash
        #expect(
            collection.files["a.css"]?.contents
                == Bytes("a{b:url(\"it%27s%20%281%29.\(hash).png\") url(it%27s%20%281%29.\(hash).png)}"))
    }

    @Test func `folders, fragments and URLs elsewhere are not static files`() throws {
        let css = Bytes(
            """
            a{b:url(../img/) url(/static/) url(#x) url(?x) url(data:,x) url(HTTPS://e.example/x) url(//e.example/x) \
            url(/e) url("")}
            """
        )
        #expect(try collect(["css/a.css": css]).files["css/a.css"]?.contents == css)
        // A colon after a slash does not end a scheme.
        #expect(throws: StaticFilesError.missing("./a:b.png", in: "a.css")) {
            try collect(["a.css": "a{b:url(./a:b.png)}"])
        }
    }
}
