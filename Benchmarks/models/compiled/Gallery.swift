import FoundationEssentials
import StraitModels

// The models of a gallery, and queries with five conditions. `BENCH=models make bench` measures how long the compiler
// needs for them.

enum Visibility: String, Choices {
    case everyone, friends, nobody
}

@Model(app: "gallery") struct User {
    @MaxLength(150) @Unique var username: String
    @Email var email: String
    @MaxLength(150) var firstName: String
    @MaxLength(150) var lastName: String
    var isActive: Bool
    @AutoNowAdd var joinedAt: Date
    var lastLogin: Date?
}

@Model(app: "gallery") struct Album {
    @MaxLength(100) var title: String
    @MaxLength(100) @Unique var slug: String
    @MaxLength(10) var visibility: Visibility
    @ForeignKey(onDelete: .cascade) var owner: User.ID
    @AutoNowAdd var createdAt: Date
}

@Model(app: "gallery") struct Photo {
    var caption: String
    @MaxLength(100) @Unique var slug: String
    var width: Int32
    var height: Int32
    var likes: Int
    var rating: Double?
    @Digits(8, places: 2) var price: Decimal
    var isPublic: Bool
    @ForeignKey(onDelete: .cascade) var owner: User.ID
    @ForeignKey(onDelete: .setNull) var album: Album.ID?
    @ManyToMany var taggedUsers: Links<User>
    @AutoNowAdd var createdAt: Date
    @AutoNow var changedAt: Date

    static var options: [ModelOption<Photo>] { [.ordering { [$0.createdAt.descending] }] }
}

@Model(app: "gallery") struct Comment {
    var text: String
    @ForeignKey(onDelete: .cascade) var photo: Photo.ID
    @ForeignKey(onDelete: .cascade) var author: User.ID
    @ForeignKey(onDelete: .cascade) var answers: Comment.ID?
    @AutoNowAdd var createdAt: Date
}

func latest(of user: User.ID, since start: Date) -> QuerySet<Photo> {
    Photo.objects.filter {
        $0.owner == user && $0.createdAt >= start && $0.likes > 10 && $0.isPublic == true && $0.album != nil
    }
}

func popular(_ word: String) -> QuerySet<Photo> {
    Photo.objects.filter {
        ($0.caption.contains(word) || $0.slug.hasPrefix(word)) && $0.likes >= 100 && $0.rating > 4.5
            && !($0.owner.isActive == false)
    }
}

func wide(_ sizes: ClosedRange<Int32>, _ ids: [User.ID]) -> QuerySet<Photo> {
    Photo.objects.filter {
        $0.width.isIn(sizes) && $0.height < $0.width && $0.owner.isIn(ids) && $0.price < 20
            && $0.album.visibility == .everyone
    }
}

func recent(_ user: User.ID, _ day: Date) -> QuerySet<Comment> {
    Comment.objects.filter {
        $0.photo.owner == user && $0.author != user && $0.createdAt > day && $0.answers == nil && $0.text != ""
    }
}

func busy(_ year: Int) -> QuerySet<User> {
    User.objects.filter {
        $0.joinedAt.year == year && $0.lastLogin != nil && $0.isActive == true && $0.username.length > 3
            && ($0.firstName != "" || $0.lastName != "")
    }
}
