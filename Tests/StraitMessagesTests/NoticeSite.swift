import Strait
import StraitCore
import StraitTesting
import Testing

/// A site that adds and shows messages.
struct NoticeSite: Site {
    var installedApps: [any App] { [SessionsApp(), MessagesApp(), NoticeApp()] }
    var middleware: MiddlewareList {
        .standard.inserting(SessionMiddleware.init, before: CSRFViewMiddleware.self)
            .inserting(MessageMiddleware.init(_:in:), after: CSRFViewMiddleware.self)
    }
    var routes: [Route] {
        path("add/<str:level>/<str:text>/") { request in
            let levels: [String: MessageLevel] = [
                "debug": .debug, "info": .info, "success": .success, "warning": .warning, "error": .error,
                "custom": MessageLevel(rawValue: 29), "critical": MessageLevel(rawValue: 50),
            ]
            let level = try #require(levels[try request.urlRoute["level"] as String])
            let tags = request.query["tags"] ?? ""
            try request.messages.add(level, try request.urlRoute["text"] as String, extraTags: tags)
            return .text("added")
        }
        path("safe/") { request in
            try request.messages.add(.info, SafeString("<b>safe</b>"))
            try request.messages.info("<b>unsafe</b>")
            return .text("added")
        }
        path("many/<int:count>/<int:size>/") { request in
            let (count, size): (Int, Int) = (try request.urlRoute["count"], try request.urlRoute["size"])
            for index in 0..<count {
                // Digits that do not compress well.
                var random = SeededGenerator(seed: UInt64(index))
                let text = (0..<size).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
                try request.messages.info("\(index) \(text)")
            }
            return .text("added")
        }
        path("level/<int:level>/") { request in
            try request.messages.level = MessageLevel(rawValue: try request.urlRoute["level"])
            try request.messages.debug("debug")
            try request.messages.warning("warning")
            return try request.render("show.html")
        }
        path("show/") { request in try request.render("show.html") }
        path("count/") { request in try request.render("count.html") }
        path("errors/") { request in try request.render("errors.html") }
        path("peek/") { request in
            let texts = try request.messages.read().map(\.text)
            try request.messages.isUsed = false
            return .text(texts.joined(separator: ","))
        }
        path("show-and-add/") { request in
            let page = try request.render("show.html")
            try request.messages.info("late")
            return page
        }
        path("plain/") { _ in .text("plain") }
        path("fail/") { request in
            try request.messages.info("before the failure")
            return .text("failed", status: .internalServerError)
        }
    }
}

/// The templates of the site.
struct NoticeApp: App {
    var templates: [any TemplateLoader] {
        [
            EmbeddedLoader([
                "show.html":
                    "{% for message in messages %}[{{ message.tags }}|{{ message.level_tag }}|{{ message.level }}|"
                    + "{{ message.extra_tags }}|{{ message }}]{% endfor %}",
                "count.html":
                    "{% if messages %}{{ messages|length }}{% else %}none{% endif %} "
                    + "{{ DEFAULT_MESSAGE_LEVELS.WARNING }}",
                "errors.html":
                    "{% for message in messages %}{% if message.level == DEFAULT_MESSAGE_LEVELS.ERROR %}{{ message }}"
                    + "{% endif %}{% endfor %}",
            ])
        ]
    }
}
