import Testing

@testable import StraitLayers

@Suite struct Names {
    @Test(arguments: ["chat", "Chat-1_2.3", "specific.abc!def", "specific.abc!", String(repeating: "a", count: 99)])
    func `what Channels allows names a channel`(name: String) {
        #expect(LayerName.isChannel(name))
    }

    @Test(arguments: [
        "", "!", "!abc", "a!b!c", "a b", "chat\n", "¯\\_(ツ)_/¯", "١٢", "a!é", "a/b", String(repeating: "a", count: 100),
    ])
    func `no other name is a channel's`(name: String) {
        #expect(!LayerName.isChannel(name))
    }

    @Test func `a group has no exclamation mark`() {
        #expect(LayerName.isGroup("chat_lobby") && LayerName.isGroup(String(repeating: "g", count: 99)))
        for name in ["", "a!b", "chat\n", "a b", String(repeating: "g", count: 400)] {
            #expect(!LayerName.isGroup(name))
        }
    }

    @Test func `what the channels of a process share ends with the exclamation mark`() {
        #expect(LayerName.nonLocal("specific.abc!def") == "specific.abc!")
        #expect(LayerName.nonLocal("thumbnails") == "thumbnails")
    }

    @Test func `errors say what is allowed`() {
        let rule =
            "is not valid. Give one of at most 99 ASCII letters, digits, hyphens, underscores or periods."
        #expect("\(LayerError.invalidChannelName("a b"))" == "The channel name 'a b' \(rule)")
        #expect("\(LayerError.invalidGroupName("a!b"))" == "The group name 'a!b' \(rule)")
        #expect(
            "\(LayerError.channelFull("work"))"
                == "The channel 'work' is full: nobody receives from it, or not quickly enough. See whether a worker reads a channel of this name, send less, or raise its capacity."
        )
    }
}
