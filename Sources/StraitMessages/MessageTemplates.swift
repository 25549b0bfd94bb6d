import StraitHTTP
import StraitRouting
internal import StraitTemplates
internal import StraitText
public import StraitWeb

extension ContextProcessor {
    /// A processor that gives templates `messages` and `DEFAULT_MESSAGE_LEVELS`; Django's
    /// `django.contrib.messages.context_processors.messages`. `MessagesApp` adds it.
    ///
    /// ```html
    /// {% for message in messages %}<li class="{{ message.tags }}">{{ message }}</li>{% endfor %}
    /// ```
    ///
    /// A loop over `messages` removes them. `{% if messages %}` and `{{ messages|length }}` do not. Outside a
    /// `MessageMiddleware` the list is empty.
    public static var messages: ContextProcessor {
        ContextProcessor { request in
            [
                "messages": (try? request.messages).map { .object(MessagesObject(messages: $0)) } ?? .list([]),
                "DEFAULT_MESSAGE_LEVELS": .dictionary(
                    TemplateDictionary(MessageLevel.standard.map { ($0.name, .int($0.level.rawValue)) })),
            ]
        }
    }
}

/// The messages as seen by templates.
struct MessagesObject: TemplateObject {
    let messages: Messages

    subscript(member name: String) -> TemplateValue? { name == "level" ? .int(messages.level.rawValue) : nil }

    var templateText: String { "\(messages.count) messages" }
    /// The number of messages. Counting does not remove them.
    var templateCount: Int? { messages.count }
    /// All messages, which are removed after the response.
    var templateElements: [TemplateValue]? { messages.read().map { .object(MessageObject(message: $0)) } }
}

/// A message as seen by templates.
struct MessageObject: TemplateObject, Equatable {
    let message: FlashMessage

    subscript(member name: String) -> TemplateValue? {
        switch name {
        case "message": message.isSafe ? .safe(SafeString(message.text)) : .string(message.text)
        case "level": .int(message.level.rawValue)
        case "level_tag": .string(message.levelTag)
        case "tags": .string(message.tags)
        case "extra_tags": message.extraTags.map { .string($0) } ?? TemplateValue.none
        default: nil
        }
    }

    var templateText: String { message.text }
    var templateHTML: SafeString? { message.isSafe ? SafeString(message.text) : nil }

    /// Whether both have the same level and text, as in Django.
    static func == (left: MessageObject, right: MessageObject) -> Bool {
        left.message.level == right.message.level && left.message.text == right.message.text
    }
}
