import Testing

@testable import StraitLayers

@Suite struct Names {
    @Test(arguments: ["chat", "Chat-1_2.3", "specific.abc!def", "specific.abc!", String(repeating: "a", count: 99)])
    func `names that Channels allows are valid channel names`(name: String) {
        #expect(LayerName.isChannel(name))
    }

    @Test(arguments: [
        "", "!", "!abc", "a!b!c", "a b", "chat\n", "¯\\_(ツ)_/¯", "١٢", "a!é", "a/b", String(repeating: "a", count: 100),
    ])
    func `other names are not valid channel names`(name: String) {
        #expect(!LayerName.isChannel(name))
    }

    @Test func `a group name has 1 to 99 allowed characters and no exclamation mark`() {
        #expect(LayerName.isGroup("chat_lobby") && LayerName.isGroup(String(repeating: "g", count: 99)))
        for name in ["", "a!b", "chat\n", "a b", String(repeating: "g", count: 400)] {
            #expect(!LayerName.isGroup(name))
        }
    }

    @Test func `the non-local part of a channel name ends with the exclamation mark`() {
        #expect(LayerName.nonLocal("specific.abc!def") == "specific.abc!")
        #expect(LayerName.nonLocal("thumbnails") == "thumbnails")
    }

    @Test func `errors state the rule for names and the remedies for a full channel`() {
        let rule =
            "is not valid. Use at most 99 ASCII letters, digits, hyphens, underscores and periods."
        #expect("\(LayerError.invalidChannelName("a b"))" == "The channel name 'a b' \(rule)")
        #expect("\(LayerError.invalidGroupName("a!b"))" == "The group name 'a!b' \(rule)")
        #expect(
            "\(LayerError.channelFull("work"))"
                == """
                The channel 'work' is full: it has no receiver, or its receiver is too slow. Check that a worker reads \
                this channel, send fewer messages, or raise the channel's capacity.
                """
        )
    }
}
