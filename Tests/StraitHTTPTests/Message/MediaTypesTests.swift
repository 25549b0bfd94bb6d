import StraitHTTP
import Testing

@Suite struct `Media types` {
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
}
