// `resident add public-inbox DIR|URL`: the archive of a mailing list as public-inbox keeps it
// (https://public-inbox.org/public-inbox-v2-format.html). As folders: git directories, one an epoch (0.git, 1.git, …),
// each commit with one mail in the blob "m", or with one that is taken out in "d"; a sync reads the commits that came
// since, and what was drawn from earlier mails is kept, so that no mail is read twice unless its thread changed. By
// HTTP: all.mbox.gz (of a thread: t.mbox.gz), then, where the server has an index for searches, what was received
// since.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <fstream>
#include <git/layout.hpp>
#include <git/objects.hpp>
#include <git/problems.hpp>
#include <git/raw_commit.hpp>
#include <git/repository.hpp>
#include <net/http.hpp>
#include <optional>
#include <sources/files/files.hpp>
#include <sources/forge/api.hpp>
#include <sources/mail/archive.hpp>
#include <sources/mail/splitter.hpp>
#include <store/read/stored_threads.hpp>

namespace resident {

namespace {

namespace fs = std::filesystem;
using git::ObjectId;

constexpr std::string_view kMail = "mail/";
// What is drawn from a mail, by this version.
constexpr std::string_view kFactsForm = "3";
constexpr Timestamp kOverlap = 3 * kDay;  // asked for again: clocks differ, and mails are held back

bool is_address(std::string_view location) {
  return location.starts_with("http://") || location.starts_with("https://");
}

// The epochs in a folder: INBOX/git/N.git, N.git, or the one that the folder itself is; in order.
std::vector<std::string> epochs_of(const std::string& location) {
  std::vector<std::pair<long, std::string>> found;
  std::error_code code;
  for (const std::string& folder : {location + "/git", location})
    for (fs::directory_iterator walk(folder, code), end; !code && walk != end; walk.increment(code)) {
      const std::string name = walk->path().filename().string();
      if (!name.ends_with(".git") || name.find_first_not_of("0123456789") != name.size() - 4 || name.size() == 4)
        continue;
      if (fs::exists(walk->path() / "HEAD", code))
        found.emplace_back(std::stol(name.substr(0, 9)), walk->path().string());
    }
  std::sort(found.begin(), found.end());
  std::vector<std::string> epochs;
  for (auto& [number, path] : found)
    if (epochs.empty() || epochs.back() != path) epochs.push_back(std::move(path));
  if (epochs.empty()) epochs.push_back(location);
  return epochs;
}

// One epoch: its commits and the mails in them.
class Epoch {
 public:
  explicit Epoch(const std::string& path)
      : path_(path),
        layout_(git::find_layout(path)),
        folders_(layout_.common_folder + "objects", layout_.id_bytes, problems_),
        objects_(folders_) {}

  std::string tip() const { return git::Repository(path_).default_branch_sha(); }

  // Commits that lead to the tip and not to `from`, oldest first. Nothing where `from` is none of them: the history was
  // written anew.
  std::optional<std::vector<ObjectId>> since(const std::string& from, const std::string& tip) {
    std::vector<ObjectId> commits;
    const auto stop = git::parse_id(from);
    auto at = git::parse_id(tip);
    while (at) {
      if (stop && *at == *stop) {
        std::reverse(commits.begin(), commits.end());
        return commits;
      }
      const auto commit = objects_.read(*at, git::ObjectType::commit);
      if (!commit) break;
      commits.push_back(*at);
      const git::CommitHeader header = git::parse_commit_header(commit->bytes());
      at = header.parents.empty() ? std::nullopt : std::optional(header.parents.front());
    }
    if (stop) return std::nullopt;
    std::reverse(commits.begin(), commits.end());
    return commits;
  }

  struct Blob {
    ObjectId id{};
    bool is_removal = false;
  };
  std::optional<Blob> mail_of(const ObjectId& commit_id) {
    const auto commit = objects_.read(commit_id, git::ObjectType::commit);
    if (!commit) return std::nullopt;
    const git::CommitHeader header = git::parse_commit_header(commit->bytes());
    if (!header.tree) return std::nullopt;
    const auto tree = objects_.read(*header.tree, git::ObjectType::tree);
    if (!tree) return std::nullopt;
    // "100644 m", NUL, id; a tree of an epoch has one such entry.
    for (std::string_view rest = tree->bytes(); !rest.empty();) {
      const std::size_t blank = rest.find(' '), end = rest.find('\0');
      if (blank == std::string_view::npos || end == std::string_view::npos || end < blank ||
          rest.size() < end + 1 + layout_.id_bytes)
        return std::nullopt;
      const std::string_view name = rest.substr(blank + 1, end - blank - 1);
      if (name == "m" || name == "d") {
        Blob blob;
        std::copy_n(reinterpret_cast<const unsigned char*>(rest.data()) + end + 1, layout_.id_bytes, blob.id.begin());
        blob.is_removal = name == "d";
        return blob;
      }
      rest.remove_prefix(end + 1 + layout_.id_bytes);
    }
    return std::nullopt;
  }

  std::optional<std::string> text(const ObjectId& blob) {
    const auto object = objects_.read(blob, git::ObjectType::blob);
    return object ? std::optional(std::string(object->bytes())) : std::nullopt;
  }

 private:
  std::string path_;
  git::Layout layout_;
  git::Problems problems_;
  git::ObjectFolders folders_;
  git::ObjectStore objects_;
};

class PublicInbox : public Source {
 public:
  explicit PublicInbox(std::string location) : location_(std::move(location)), archive_(location_) {}

  void configure(const SyncOptions& options) override {
    options_ = options;
    now_ = options.clock ? options.clock->now() : SystemClock().now();
    archive_.set_now(now_);
  }

  std::string sync(const Cursor& cursor, Writer& writer) override {
    const std::string known = writer.stream_state("facts") == kFactsForm ? cursor.value_or("") : "";
    if (!known.empty()) load(writer);
    std::string next = is_address(location_) ? read_address(known, writer) : read_epochs(known, writer);
    if (archive_.is_empty())
      throw Error(fmt::format("{} holds no mail", location_),
                  "give the folder of a public-inbox (version 2), one of its epochs, or its address");
    archive_.name_lists(0, mail::list_of_file(location_, location_));
    keep(writer, known.empty());
    writer.set_stream("facts", "", std::string(kFactsForm));
    // Until all is written, an interrupted run begins where this one did.
    archive_.write(writer, cursor.value_or(""));
    return lacks_text_ ? std::string() : next;
  }

  std::string coverage() const override { return archive_.coverage(); }

 private:
  // What earlier runs drew from the mails.
  void load(Writer& writer) {
    each_payload(writer, "mail/", [&](std::string_view payload, const std::string& print) {
      archive_.take(mail::unpacked_facts(decompress(payload)), print);
    });
    loaded_ = archive_.size();
  }

  // all: what is kept of known mails is of another form.
  void keep(Writer& writer, bool all) {
    for (std::size_t i = 0; i < archive_.size(); ++i)
      if (const std::string name = std::string(kMail) + archive_.facts(i).key; all || !writer.knows(name))
        writer.mark(name, archive_.place(i), mail::packed_facts(archive_.facts(i)));
  }

  void forget(const std::string& key, Writer& writer) {
    archive_.remove(key);
    writer.forget(std::string(kMail) + key);
  }

  void take(std::string_view text, std::string_view separator, const std::string& place, Writer& writer) {
    try {
      archive_.take(mail::read_message(text, separator), place, writer);
    } catch (const Error& error) {
      archive_.set_aside(writer, place.substr(0, 60), error.what());
    }
  }

  // cursor: the tips that were read, separated by blanks, in order of the epochs.
  std::string read_epochs(const std::string& cursor, Writer& writer) {
    std::vector<std::string> known;
    for (const auto each : split(cursor, ' '))
      if (!each.empty()) known.emplace_back(each);
    const std::vector<std::string> paths = epochs_of(location_);
    for (const auto& path : paths) epochs_.push_back(std::make_unique<Epoch>(path));
    archive_.read_again_by([this](const std::string&, const std::string& place) { return read_again(place); }, true);
    std::vector<std::string> tips;
    std::vector<std::vector<ObjectId>> commits(paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      tips.push_back(epochs_[i]->tip());
      auto fresh = epochs_[i]->since(i < known.size() ? known[i] : "", tips.back());
      if (!fresh) {
        // A mail was edited or purged, which writes all commits since anew: everything is read again.
        for (std::size_t each = archive_.size(); each-- > 0;) forget(archive_.facts(each).key, writer);
        return read_all_epochs(writer, tips);
      }
      commits[i] = std::move(*fresh);
    }
    read_commits(commits, writer);
    return joined(tips);
  }

  std::string read_all_epochs(Writer& writer, std::vector<std::string> tips) {
    std::vector<std::vector<ObjectId>> commits(epochs_.size());
    tips.resize(epochs_.size());
    for (std::size_t i = 0; i < epochs_.size(); ++i) {
      tips[i] = epochs_[i]->tip();
      commits[i] = epochs_[i]->since("", tips[i]).value_or(std::vector<ObjectId>{});
    }
    read_commits(commits, writer);
    return joined(tips);
  }

  static std::string joined(const std::vector<std::string>& tips) {
    std::string text;
    for (const auto& tip : tips) text += (text.empty() ? "" : " ") + (tip.empty() ? std::string("-") : tip);
    return text;
  }

  void read_commits(const std::vector<std::vector<ObjectId>>& commits, Writer& writer) {
    std::size_t total = 0;
    for (const auto& each : commits) total += each.size();
    Progress progress("reading " + location_, total);
    for (std::size_t epoch = 0; epoch < commits.size(); ++epoch)
      for (const ObjectId& id : commits[epoch]) {
        progress.advance();
        const auto blob = epochs_[epoch]->mail_of(id);
        const auto text = blob ? epochs_[epoch]->text(blob->id) : std::nullopt;
        if (!text) {
          // Commits without a mail: the first one of an epoch may be such.
          if (blob) archive_.set_aside(writer, git::to_hexadecimal(id), "the mail of this commit cannot be read");
          continue;
        }
        if (blob->is_removal) {
          try {
            forget(mail_key(mail::read_message(*text).id), writer);
          } catch (const Error&) {
            archive_.set_aside(writer, git::to_hexadecimal(id), "which mail is taken out here cannot be read");
          }
        } else {
          take(*text, {}, fmt::format("{} {}", epoch, git::to_hexadecimal(blob->id)), writer);
        }
      }
  }

  mail::Message read_again(const std::string& place) const {
    const std::size_t blank = place.find(' ');
    const auto epoch = static_cast<std::size_t>(std::strtoul(place.c_str(), nullptr, 10));
    const auto id =
        blank == std::string::npos ? std::nullopt : git::parse_id(std::string_view(place).substr(blank + 1));
    if (!id || epoch >= epochs_.size()) return {};
    const auto text = epochs_[epoch]->text(*id);
    return text ? mail::read_message(*text) : mail::Message{};
  }

  // The text of a mail of an earlier run, as the store has it.
  mail::Message stored_text(const std::string& key, Writer& writer) {
    mail::Message message;
    const auto text = resident::stored_text(writer, key);
    if (!text) lacks_text_ = true;  // the next run asks for all
    message.body = text.value_or("");
    return message;
  }

  // cursor: when the last run began, in seconds.
  std::string read_address(const std::string& cursor, Writer& writer) {
    const Config none;
    const Config& config = options_.config ? *options_.config : none;
    const live::Place place = live::parse_place(location_);
    const ForgeConfig forge = config.forge(place.host);
    http::TransportOptions transport;
    transport.total_seconds = std::max(forge.timeout_seconds, 600);
    transport.largest_body = std::size_t{1} << 30;
    transport.allow_plain_http = forge.allow_plain_http;
    transport.ca_file = forge.ca_file;
    http::ClientOptions client_options;
    client_options.max_wait = options_.max_wait;
    http::Client client(http::curl_transport(transport), http::system_waiter(), client_options);
    archive_.read_again_by(
        [this, &writer](const std::string& key, const std::string&) { return stored_text(key, writer); }, false);
    const bool is_thread = place.path.find('@') != std::string::npos;
    if (is_thread) {
      read_mbox(client.get(location_ + "/t.mbox.gz"), writer);
      return std::to_string(now_);
    }
    // A server without an index answers a search with a page, not with mails.
    bool has_new = false;
    if (!cursor.empty() && loaded_ > 0) {
      const Timestamp since = std::strtoll(cursor.c_str(), nullptr, 10) - kOverlap;
      const CivilDate day = date_of(since);
      http::Request request{"POST",
                            fmt::format("{}/?q=rt:{:04}{:02}{:02}..&x=m", location_, day.year, day.month, day.day)};
      request.repeatable = true;
      const http::Response response = client.send(request);
      if (response.status == 404 && response.body.find("No results") != std::string::npos) {
        has_new = true;
      } else if (response.status == 200 && is_gzip(response.body)) {
        read_mbox(response, writer);
        has_new = true;
      }
    }
    if (!has_new) read_mbox(client.get(location_ + "/all.mbox.gz"), writer);
    return std::to_string(now_);
  }

  static bool is_gzip(std::string_view body) { return body.starts_with("\x1f\x8b"); }

  void read_mbox(const http::Response& response, Writer& writer) {
    if (response.status != 200 || !is_gzip(response.body))
      throw Error(fmt::format("{} gives no mails (answer {})", one_line(location_), response.status),
                  "it has to be the address of an inbox of public-inbox, or of a thread in one");
    // Decompressed as files are, piece by piece.
    std::string name = (fs::temp_directory_path() / "resident-inbox-XXXXXX").string();
    const int file = mkstemp(name.data());
    if (file < 0) throw Error("cannot make a temporary file", "check TMPDIR");
    close(file);
    try {
      std::ofstream(name, std::ios::binary)
          .write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
      mail::Splitter splitter([&](std::uint64_t line, std::string_view separator, std::string_view text, bool) {
        take(text, separator, fmt::format("all.mbox:{}", line), writer);
      });
      for_each_line(name, [&](std::uint64_t, std::string_view line, std::string_view problem) {
        if (problem.empty()) splitter.line(line);
      });
      splitter.finish();
    } catch (...) {
      fs::remove(name);
      throw;
    }
    fs::remove(name);
  }

  std::string location_;
  SyncOptions options_;
  Timestamp now_ = 0;
  mail::MailArchive archive_;
  std::vector<std::unique_ptr<Epoch>> epochs_;
  std::size_t loaded_ = 0;
  bool lacks_text_ = false;
};

std::string normal_location(const std::string& text) {
  if (is_address(text)) {
    const live::Place place = live::parse_place(text);
    if (place.path.empty())
      throw Error(ErrorKind::usage, fmt::format("{} is a server, not an inbox", one_line(text.substr(0, 200))),
                  "write it like public-inbox:https://HOST/INBOX");
    return place.location();
  }
  std::error_code code;
  if (!fs::is_directory(text, code))
    throw Error(ErrorKind::usage, fmt::format("there is no folder at {}", one_line(text.substr(0, 200))),
                "give the folder of a public-inbox, or its address, as in public-inbox:https://HOST/INBOX");
  return fs::absolute(text).lexically_normal().string();
}

std::string project_name(const std::string& location) {
  if (!is_address(location)) {
    fs::path path = fs::path(location).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    if (path.filename() == "git" || path.extension() == ".git") path = path.parent_path();
    if (path.filename() == "git") path = path.parent_path();
    return path.filename().string();
  }
  const live::Place place = live::parse_place(location);
  return place.path.substr(0, place.path.find('/'));
}

}  // namespace

extern const SourceKind public_inbox_source;
const SourceKind public_inbox_source{
    "public-inbox",
    "DIR|URL",
    "a mailing list as public-inbox archives it: a folder with its epochs, one of them, or its address",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<PublicInbox>(location); },
    normal_location,
    project_name,
    false,
    2};

}  // namespace resident
