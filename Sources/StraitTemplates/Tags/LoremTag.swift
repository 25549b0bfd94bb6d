/// `{% lorem count method random %}`: prints placeholder text.
struct LoremNode: TemplateNode {
    private let count: FilterExpression
    private let method: String
    private let isCommon: Bool

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var words = token.splitContents()
        let isCommon = words.last != "random"
        if !isCommon { words.removeLast() }
        var method = "b"
        if let last = words.last, ["w", "p", "b"].contains(last) {
            method = last
            words.removeLast()
        }
        let count = words.count > 1 ? words.removeLast() : "1"
        let expression = try parser.compileFilter(count)
        guard words.count == 1 else { throw .syntax("'lorem' has too many words. Expected {% lorem 2 p random %}.") }
        return LoremNode(count: expression, method: method, isCommon: isCommon)
    }

    /// The maximum count, to limit the output.
    private static let most = 100_000

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let count = try count.resolve(context).asInt ?? 1
        guard count <= Self.most else {
            throw .badValue("'lorem' got a count of \(count). Use at most \(Self.most).")
        }
        var generator = context.engine.generator
        switch method {
        case "w": output += LoremText.words(count, isCommon: isCommon, &generator)
        case "p":
            output += LoremText.paragraphs(count, isCommon: isCommon, &generator).map { "<p>\($0)</p>" }
                .joined(separator: "\n\n")
        default: output += LoremText.paragraphs(count, isCommon: isCommon, &generator).joined(separator: "\n\n")
        }
    }
}

/// Random Latin placeholder text (Django's `lorem_ipsum`).
enum LoremText {
    /// The standard first paragraph.
    private static let common = """
        Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore \
        et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut \
        aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse \
        cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in \
        culpa qui officia deserunt mollit anim id est laborum.
        """

    private static let commonWords =
        """
        lorem ipsum dolor sit amet consectetur adipisicing elit sed do eiusmod tempor incididunt ut labore et dolore \
        magna aliqua
        """

    private static let all = """
        exercitationem perferendis perspiciatis laborum eveniet sunt iure nam nobis eum cum officiis excepturi \
        odio consectetur quasi aut quisquam vel eligendi itaque non odit tempore quaerat dignissimos facilis \
        neque nihil expedita vitae vero ipsum nisi animi cumque pariatur velit modi natus iusto eaque sequi illo \
        sed ex et voluptatibus tempora veritatis ratione assumenda incidunt nostrum placeat aliquid fuga \
        provident praesentium rem necessitatibus suscipit adipisci quidem possimus voluptas debitis sint \
        accusantium unde sapiente voluptate qui aspernatur laudantium soluta amet quo aliquam saepe culpa libero \
        ipsa dicta reiciendis nesciunt doloribus autem impedit minima maiores repudiandae ipsam obcaecati ullam \
        enim totam delectus ducimus quis voluptates dolores molestiae harum dolorem quia voluptatem molestias \
        magni distinctio omnis illum dolorum voluptatum ea quas quam corporis quae blanditiis atque deserunt \
        laboriosam earum consequuntur hic cupiditate quibusdam accusamus ut rerum error minus eius ab ad nemo \
        fugit officia at in id quos reprehenderit numquam iste fugiat sit inventore beatae repellendus magnam \
        recusandae quod explicabo doloremque aperiam consequatur asperiores commodi optio dolor labore \
        temporibus repellat veniam architecto est esse mollitia nulla a similique eos alias dolore tenetur \
        deleniti porro facere maxime corrupti
        """

    private static let words = all.split(separator: " ").map { String($0) }

    /// Returns `count` words. If `isCommon`, they begin with the standard words.
    static func words(_ count: Int, isCommon: Bool, _ generator: inout EngineGenerator) -> String {
        var result = isCommon ? commonWords.split(separator: " ").map { String($0) } : []
        // As in a Python slice, a negative count removes words from the end.
        if count <= result.count {
            return result.prefix(count < 0 ? max(0, result.count + count) : count).joined(separator: " ")
        }
        while result.count < count {
            result += words.shuffled(using: &generator).prefix(count - result.count)
        }
        return result.joined(separator: " ")
    }

    /// Returns `count` paragraphs. If `isCommon`, the first is the standard one.
    static func paragraphs(_ count: Int, isCommon: Bool, _ generator: inout EngineGenerator) -> [String] {
        var result: [String] = []
        while result.count < count {
            result.append(isCommon && result.isEmpty ? common : paragraph(&generator))
        }
        return result
    }

    private static func paragraph(_ generator: inout EngineGenerator) -> String {
        var sentences: [String] = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) { sentences.append(sentence(&generator)) }
        return sentences.joined(separator: " ")
    }

    private static func sentence(_ generator: inout EngineGenerator) -> String {
        var parts: [String] = []
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
            let count = Int.random(in: 3...12, using: &generator)
            parts.append(words.shuffled(using: &generator).prefix(count).joined(separator: " "))
        }
        let text = parts.joined(separator: ", ")
        return text.prefix(1).uppercased() + text.dropFirst() + (Bool.random(using: &generator) ? "?" : ".")
    }
}
