import StraitCore
import StraitHTTP
import Testing

@Suite struct `Dates, queries and media types` {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
    ])
    func `a date is formatted and parsed as an IMF-fixdate (RFC 9110 §5.6.7)`(seconds: Int, text: String) {
        #expect(HTTPDate(secondsSinceEpoch: seconds).description == text)
        #expect(HTTPDate(parsing: text)?.secondsSinceEpoch == seconds)
    }

    @Test func `obsolete date formats are parsed (RFC 9110 §5.6.7)`() {
        #expect(HTTPDate(parsing: "Sunday, 06-Nov-94 08:49:37 GMT")?.secondsSinceEpoch == 784_111_777)
        #expect(HTTPDate(parsing: "Sun Nov  6 08:49:37 1994")?.secondsSinceEpoch == 784_111_777)
    }

    @Test(arguments: [
        "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 0 Foo 1994 0:0:0 GMT",
        "Sun, 30 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Nov 0000 08:49:37 GMT",
    ])
    func `an invalid date is parsed as nil`(text: String) {
        #expect(HTTPDate(parsing: text) == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `parsing a formatted date returns the same date`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let date = HTTPDate(secondsSinceEpoch: Int.random(in: -62_135_596_800...253_402_300_799, using: &generator))
            #expect(HTTPDate(parsing: date.description) == date, "seed \(seed)")
        }
    }

    @Test func `a query string is parsed as Django's QueryDict parses it`() {
        let query = QueryString(parsing: "a=1&b=x+y%20z&a=2&&c&d=&%C3%A9=%&=e")
        #expect(query["a"] == "2")
        #expect(query.values(of: "a") == ["1", "2"])
        #expect(query["b"] == "x y z")
        #expect(query["c"] == "")
        #expect(query["d"] == "")
        #expect(query["é"] == "%")
        #expect(query[""] == "e")
        #expect(query["z"] == nil)
        #expect(QueryString(parsing: query.encoded) == query)
        #expect(QueryString(parsing: "").items.isEmpty)
    }

    @Test func `a file's media type depends on its extension`() {
        #expect(MediaType(path: "/static/app.JS").rawValue == "text/javascript; charset=utf-8")
        #expect(MediaType(path: "index.html") == .html)
        #expect(MediaType(path: "favicon.ico").rawValue == "image/vnd.microsoft.icon")
        #expect(MediaType(path: "a.b/c") == .octetStream)
        #expect(MediaType(path: "README") == .octetStream)
    }

    @Test(
        arguments: [
            ("vtt", "text/vtt; charset=utf-8"), ("ttf", "font/ttf"), ("otf", "font/otf"), ("ogg", "audio/ogg"),
            ("oga", "audio/ogg"), ("opus", "audio/ogg"), ("ogv", "video/ogg"), ("m4a", "audio/mp4"),
            ("m4v", "video/mp4"), ("mov", "video/quicktime"), ("aac", "audio/aac"), ("flac", "audio/flac"),
            ("bmp", "image/bmp"), ("ics", "text/calendar; charset=utf-8"), ("rss", "application/rss+xml"),
            ("atom", "application/atom+xml"), ("jsonld", "application/ld+json"), ("epub", "application/epub+zip"),
            ("md", "text/markdown; charset=utf-8"), ("doc", "application/msword"), ("PNG", "image/png"),
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("eot", "application/vnd.ms-fontobject"), ("m3u8", "application/vnd.apple.mpegurl"), ("tiff", "image/tiff"),
            ("srt", "text/plain; charset=utf-8"), ("7z", "application/x-7z-compressed"), ("mkv", "video/matroska"),
        ])
    func `a known extension has its registered media type`(name: String, type: String) {
        #expect(MediaType(path: "/static/a.b." + name).rawValue == type)
    }

    @Test(arguments: ["unknownx", "", "pn g", "p\u{301}ng", String(repeating: "x", count: 100_000), "png\u{301}"])
    func `a file with an unknown extension has the media type application/octet-stream`(name: String) {
        #expect(MediaType(path: "a." + name) == .octetStream)
    }

    @Test func `a site's media types override the built-in ones and ignore case`() {
        let types = MediaTypes(adding: [
            ".StraitA": "model/x-strait; charset=utf-8", "png": "image/x-own", "a b": "x/y",
        ])
        #expect(types.type(ofPath: "x.straita").rawValue == "model/x-strait; charset=utf-8")
        #expect(types.type(ofPath: "X.STRAITA").rawValue == "model/x-strait; charset=utf-8")
        #expect(types.type(ofPath: "a/b.png").rawValue == "image/x-own")
        #expect(types.type(ofPath: "a.jpg") == MediaType(path: "a.jpg") && types.type(ofPath: "a") == .octetStream)
        // Another site's media types don't change.
        #expect(MediaTypes().type(ofPath: "x.straita") == .octetStream)
    }

    @Test(
        arguments: [
            ("text", "a", "'text' is not a media type for a: use the form of model/gltf-binary."),
            ("text/", "a", "'text/' is not a media type for a: use the form of model/gltf-binary."),
            (
                "text/a\r\nX: y", "a",
                "'text/a\r\nX: y' is not a media type for a: use the form of model/gltf-binary."
            ),
            ("a/b/c", "a", "'a/b/c' is not a media type for a: use the form of model/gltf-binary."),
            ("text/a", "", "'' is not a file extension: use letters and digits, such as glb."),
            ("text/a", "a/b", "'a/b' is not a file extension: use letters and digits, such as glb."),
        ])
    func `an invalid media type or file extension is reported`(type: String, name: String, text: String) {
        #expect(MediaTypes.problem(of: type, for: name) == text)
    }

    @Test func `a status has its standard reason phrase (RFC 9110 §15)`() {
        #expect(HTTPStatus(404).description == "404 Not Found")
        #expect(HTTPStatus(299).description == "299")
        #expect(HTTPStatus.noContent.forbidsBody)
    }
}
