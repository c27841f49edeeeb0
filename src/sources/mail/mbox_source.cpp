// `resident add mbox FILE|DIR`: archives of mailing lists as threads: mbox files
// (plain or compressed, as pipermail, hyperkitty and lore give them), folders and
// tars of them, single mails. Every sync reads the files again, threads them as a
// whole, and writes the threads that are new or different: so it does not matter
// in which order archives arrive, or that one grows at its end.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sources/files/files.hpp>
#include <sources/mail/splitter.hpp>
#include <sources/mail/threading.hpp>
#include <sources/source.hpp>
#include <unordered_map>

namespace resident {

namespace {

namespace fs = std::filesystem;
using mail::Message;

constexpr std::size_t kThreadsACheckpoint = 500;
constexpr Timestamp kEarliest = 0;              // 1970: there were no lists of this kind before
constexpr Timestamp kDateTolerance = 2 * kDay;  // a Date this far after its receipt is wrong

bool is_tar(const std::string& name) {
  const std::string lower = to_lower(name);
  return lower.find(".tar") != std::string::npos || lower.ends_with(".tgz");
}

// A list's name from a file's: "python-dev-2020-January.mbox.gz" in the folder python-dev → "python-dev".
std::string name_of_file(const std::string& file, const std::string& location) {
  std::string stem = fs::path(file).filename().string();
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view ending : {".mbox", ".mbx", ".txt", ".eml", ".gz", ".xz", ".bz2", ".zst"})
      if (to_lower(stem).ends_with(ending) && stem.size() > ending.size()) {
        stem.resize(stem.size() - ending.size());
        again = true;
      }
  }
  static const Pattern dated(
      R"([-_.]?\d{4}(?:[-_.]?(?:q[1-4]|\d{1,2}|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*))?$)");
  dated.replace_first(stem, "");
  if (stem.empty()) stem = fs::path(file).parent_path().filename().string();
  if (stem.empty() || stem == "cur" || stem == "new") stem = fs::path(location).filename().string();
  return to_lower(stem);
}

class Mbox : public Source {
 public:
  explicit Mbox(std::string location) : location_(std::move(location)) {}

  void configure(const SyncOptions& options) override {
    now_ = options.clock ? options.clock->now() : SystemClock().now();
  }

  std::string sync(const Cursor& cursor, Writer& writer) override {
    writer.reads_whole_source();
    read_all(writer);
    if (messages_.empty() && problems_ == 0)
      throw Error(fmt::format("{} holds no mail", location_), "give an mbox file, or a folder of them");
    std::vector<mail::Node> nodes;
    nodes.reserve(messages_.size());
    for (Message& message : messages_)
      nodes.push_back({message.id, message.references, message.subject, message.list, *message.date});
    const std::vector<mail::MailThread> threads = mail::thread_messages(nodes);
    std::set<std::string> current;
    std::size_t since_checkpoint = 0;
    for (const auto& thread : threads) {
      const ThreadRecord record = record_of(thread);
      current.insert(record.key);
      const std::string name = "thread/" + record.key, print = print_of(record);
      if (writer.seen(name, print)) continue;
      writer.mark(name, print);
      writer.thread(record);
      if (++since_checkpoint == kThreadsACheckpoint) {
        writer.checkpoint(cursor.value_or(""));
        since_checkpoint = 0;
      }
    }
    drop_others(current, writer);
    writer.end_of_source();
    return {};
  }

  std::string coverage() const override {
    std::string text;
    if (duplicates_) text += fmt::format("{} mails stood there more than once; ", with_thousands(duplicates_));
    if (attachments_) text += fmt::format("{} attachments were left out; ", with_thousands(attachments_));
    if (undated_)
      text += fmt::format("{} mails have no date that can be, and are dated by their receipt or the mail before; ",
                          with_thousands(undated_));
    if (text.empty()) return text;
    text.resize(text.size() - 2);
    return text;
  }

 private:
  void read_all(Writer& writer) {
    Progress progress("reading " + location_, 0);
    std::error_code code;
    if (fs::is_directory(location_, code)) {
      std::vector<std::string> files;
      for (fs::recursive_directory_iterator walk(location_, fs::directory_options::skip_permission_denied, code), end;
           !code && walk != end; walk.increment(code))
        if (walk->is_regular_file(code) && !fs::path(walk->path()).filename().string().starts_with("."))
          files.push_back(walk->path().string());
      std::sort(files.begin(), files.end());
      for (const auto& file : files) {
        const std::string relative = fs::path(file).lexically_relative(location_).generic_string();
        try {
          read_file(file, relative, writer);
        } catch (const Error& error) {
          set_aside(writer, relative, error.what());
        }
        progress.advance();
      }
    } else if (is_tar(location_)) {
      for_each_file(location_, [&](ArchiveFile&& file) {
        progress.advance();
        if (!file.problem.empty()) return set_aside(writer, file.name, file.problem);
        const std::size_t first = messages_.size();
        mail::Splitter splitter = splitter_of(file.name, writer);
        std::string_view rest = file.content;
        while (!rest.empty()) {
          const std::size_t end = rest.find('\n');
          splitter.line(rest.substr(0, end));
          rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
        splitter.finish();
        name_lists(first, file.name);
      });
    } else {
      read_file(location_, fs::path(location_).filename().string(), writer);
    }
  }

  void read_file(const std::string& file, const std::string& name, Writer& writer) {
    const std::size_t first = messages_.size();
    mail::Splitter splitter = splitter_of(name, writer);
    for_each_line(file, [&](std::uint64_t number, std::string_view line, std::string_view problem) {
      if (problem.empty()) return splitter.line(line);
      set_aside(writer, fmt::format("{}:{}", name, number), std::string(problem));
    });
    splitter.finish();
    name_lists(first, name);
  }

  mail::Splitter splitter_of(const std::string& name, Writer& writer) {
    return mail::Splitter(
        [this, name, &writer](std::uint64_t line, std::string_view separator, std::string_view text, bool cut) {
          const std::string place = fmt::format("{}:{}", name, line);
          try {
            if (cut) set_aside(writer, place, "the mail is larger than 64 MiB; what is beyond was left out");
            take(mail::read_message(text, separator), place, writer);
          } catch (const Error& error) {
            set_aside(writer, place, error.what());
          }
        });
  }

  void set_aside(Writer& writer, const std::string& place, const std::string& reason) {
    ++problems_;
    writer.quarantine(place, reason);
  }

  void take(Message&& message, const std::string& place, Writer& writer) {
    attachments_ += message.attachments;
    if (!ids_.insert(message.id).second) {
      ++duplicates_;
      return;
    }
    const auto possible = [&](const std::optional<Timestamp>& time) {
      return time && *time > kEarliest && *time < now_ + kDateTolerance;
    };
    const bool late =
        possible(message.received) && possible(message.date) && *message.date > *message.received + kDateTolerance;
    if (!possible(message.date) || late) {
      ++undated_;
      message.date = possible(message.received) ? message.received : last_date_;
      if (!message.date) {
        ids_.erase(message.id);
        --undated_;
        return set_aside(writer, place, "the mail has no date, and none before it in the file has");
      }
    }
    last_date_ = message.date;
    messages_.push_back(std::move(message));
  }

  // Mails without a List-Id are of the list that the others of their file are of, or of the one it is named after.
  void name_lists(std::size_t first, const std::string& file) {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = first; i < messages_.size(); ++i)
      if (!messages_[i].list.empty()) ++counts[messages_[i].list];
    std::string most = name_of_file(file, location_);
    std::size_t count = 0;
    for (const auto& [list, uses] : counts)
      if (uses > count) most = list, count = uses;
    for (std::size_t i = first; i < messages_.size(); ++i)
      if (messages_[i].list.empty()) messages_[i].list = most;
    last_date_.reset();
  }

  ThreadRecord record_of(const mail::MailThread& thread) const {
    const Message& first = messages_[thread.messages[0]];
    ThreadRecord record;
    record.kind = "mail";
    record.channel = first.list;
    // Ids of mails look like addresses and often are; they stay in no column.
    record.key = "mail:" + fingerprint(record.channel + "\n" + thread.root);
    record.title = first.subject.empty() ? "(no subject)" : first.subject;
    record.author = first.author;
    record.created_at = *first.date;
    std::unordered_map<std::string_view, std::string> keys;
    for (const std::size_t index : thread.messages) {
      const Message& message = messages_[index];
      PostRecord post;
      post.key = fingerprint(message.id);
      post.author = message.author;
      post.created_at = *message.date;
      post.body = message.body;
      for (auto each = message.references.rbegin(); each != message.references.rend() && post.reply_to.empty(); ++each)
        if (const auto found = keys.find(*each); found != keys.end()) post.reply_to = found->second;
      keys.emplace(message.id, post.key);
      record.updated_at = std::max(record.updated_at.value_or(0), post.created_at);
      record.posts.push_back(std::move(post));
    }
    return record;
  }

  static std::string print_of(const ThreadRecord& record) {
    std::string all = record.title + "\n" + record.channel;
    for (const auto& post : record.posts)
      all += fmt::format("\n{} {} {} {} {}\n{}", post.key, post.created_at, post.reply_to, post.author.email,
                         post.author.name, post.body);
    return fingerprint(all);
  }

  // An older archive may give a thread another beginning, or join two.
  void drop_others(const std::set<std::string>& current, Writer& writer) {
    writer.flush();
    std::vector<std::string> gone;
    const Parameters source{{"project", writer.project_id()}, {"source", writer.source_id()}};
    for (const auto rows = writer.database().query(
             "SELECT thread_key FROM thread WHERE project_id = :project AND source_id = :source", source);
         rows->next();)
      if (!current.contains(rows->string(0))) gone.push_back(rows->string(0));
    for (const auto& key : gone) {
      for (const std::string_view table : {"post", "thread"})
        writer.database().execute(
            fmt::format("DELETE FROM {} WHERE project_id = :project AND source_id = :source AND thread_key = :key",
                        table),
            {{"project", writer.project_id()}, {"source", writer.source_id()}, {"key", key}});
      writer.database().execute(
          "DELETE FROM source_record WHERE project_id = :project AND source_id = :source AND record = :record",
          {{"project", writer.project_id()}, {"source", writer.source_id()}, {"record", "thread/" + key}});
    }
  }

  std::string location_;
  Timestamp now_ = 0;
  std::vector<Message> messages_;
  std::set<std::string> ids_;
  std::optional<Timestamp> last_date_;
  long long duplicates_ = 0, attachments_ = 0, undated_ = 0, problems_ = 0;
};

}  // namespace

extern const SourceKind mbox_source;
const SourceKind mbox_source{
    "mbox", "FILE|DIR", "an archive of a mailing list: mbox files, plain or compressed, or a folder or tar of them",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Mbox>(location); }};

}  // namespace resident
