// `resident add chat FILE|DIR|ZIP`: exports of chats (Zulip, Slack, Discord, Matrix) and logs of IRC, told apart by
// what they hold. Archives are read as they are, file by file; every sync reads all again, and writes what is new or
// different: so an export that takes an older one's place updates what was edited, and doubles nothing.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/chat/chat_archive.hpp>
#include <sources/chat/formats.hpp>
#include <sources/chat/irc.hpp>
#include <sources/files/files.hpp>
#include <store/read/stored_project.hpp>

namespace resident {

namespace {

namespace fs = std::filesystem;

// What people uploaded, and pictures of them: perhaps JSON, too, but nothing of the chat's.
bool is_attachment(const std::string& path) {
  static const Pattern pattern(
      R"((?i)(?:^|/)(?:uploads|avatars|emoji|realm_icons|_?media|__uploads|attachments)/|_files/|\.(?:png|jpe?g|gif|webp|mp4|webm|pdf|zip|svg|html?|css|js|ico|ttf|woff2?|exe)$)");
  return pattern.found_in(path);
}

class ChatExport : public Source {
 public:
  explicit ChatExport(std::string location) : location_(std::move(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    const ChatRules rules = options_.config ? options_.config->project(project_name(writer)).chat : ChatRules();
    to_utc_ = chat::zone_of(rules.time_zone);
    const chat::ReaderSettings settings{{rules.private_channels.begin(), rules.private_channels.end()}};
    readers_.push_back(chat::zulip_reader(settings));
    readers_.push_back(chat::slack_reader(settings));
    readers_.push_back(chat::discord_reader(settings));
    readers_.push_back(chat::matrix_reader(settings));
    writer.reads_whole_source();
    read_all(writer);
    chat::ChatWriter out(writer);
    // What stands in a file that cannot be read is not gone, and without a list of channels nobody knows which are
    // public.
    if (unread_files_ || unread_records_) out.keep_what_is_stored();
    bool any = !logs_.empty();
    for (const auto& reader : readers_) {
      if (reader->is_empty()) continue;
      any = true;
      out.write(reader->finish());
    }
    if (!any)
      throw Error(fmt::format("{} holds no chat", location_),
                  "give an export of Zulip, Slack, Discord or Matrix, or logs of IRC: docs/guide/channels.md");
    if (!logs_.empty()) out.write(irc_chat());
    out.drop_others();
    if (!unread_files_ && !unread_records_) writer.end_of_source();
    coverage_ = out.coverage();
    if (unread_files_)
      coverage_ += fmt::format("{}{} could not be read: what earlier syncs stored stays", coverage_.empty() ? "" : "; ",
                               plural(unread_files_, "file"));
    if (unread_records_)
      coverage_ += fmt::format("{}{} in files that could be read otherwise could not: what earlier syncs stored stays",
                               coverage_.empty() ? "" : "; ", plural(unread_records_, "record"));
    if (other_files_)
      coverage_ += fmt::format("{}{} of other kinds", coverage_.empty() ? "" : "; ", plural(other_files_, "file"));
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  struct Log {
    chat::LogName name;
    chat::IrcLog log;
  };

  void read_all(Writer& writer) {
    Progress progress("reading " + location_, 0);
    const auto take = [&](const std::string& name, const std::string& content, const std::string& problem) {
      progress.advance();
      try {
        if (!problem.empty()) throw Error(problem);
        take_file(name, content);
        writer.readmit("file/" + name);
        for (const auto& reader : readers_)
          for (const auto& bad : reader->bad_records()) {
            ++unread_records_;
            writer.quarantine(fmt::format("file/{}#{}", name, bad.where), bad.reason);
          }
      } catch (const Error& error) {
        ++unread_files_;
        writer.quarantine("file/" + name, error.what());
      }
    };
    std::error_code code;
    if (!fs::is_directory(location_, code) && !is_archive(location_))
      return take(fs::path(location_).filename().string(), read_whole_file(location_), "");
    // A log's channel may stand in the folder's own name.
    const std::string before = fs::is_directory(location_, code) ? fs::path(location_).filename().string() + "/" : "";
    for_each_file(location_, [&](ArchiveFile&& file) {
      if (is_attachment(file.name)) return;
      take(before + file.name, file.content, file.problem);
    });
  }

  // An Error says what of it could not be read.
  void take_file(const std::string& name, const std::string& given) {
    constexpr std::string_view kGzip = "\x1f\x8b";
    if (given.starts_with(kGzip)) {
      ++other_files_;
      return;
    }
    const std::string_view content = given.starts_with("\xef\xbb\xbf") ? std::string_view(given).substr(3) : given;
    const std::string_view start = trim(content.substr(0, 4096));
    if (start.starts_with('{') || (start.starts_with('[') && name.ends_with(".json"))) {
      const json::Element root = json::parse(parser_, content);
      for (const auto& reader : readers_)
        if (reader->take(name, root)) return;
      ++other_files_;
      return;
    }
    if (!chat::looks_like_irc(content)) {
      ++other_files_;
      return;
    }
    Log log{chat::log_name(name), {}};
    log.log = chat::read_irc(content, log.name, to_utc_);
    const std::string problem = log.log.problem;
    if (problem.empty() || !log.log.messages.empty()) logs_.push_back(std::move(log));
    if (!problem.empty()) throw Error(problem);
  }

  // Where some logs are named as channels, the others are of conversations between two.
  chat::Chat irc_chat() {
    chat::Chat result;
    result.provider = result.key = "irc";
    const bool any_sign = std::any_of(logs_.begin(), logs_.end(), [](const Log& log) { return log.name.has_sign; });
    for (Log& log : logs_) {
      result.notices += log.log.notices;
      if (log.name.is_status) {
        result.notices += static_cast<long long>(log.log.messages.size());
        continue;
      }
      if (any_sign && !log.name.has_sign) {
        result.direct_messages += static_cast<long long>(log.log.messages.size());
        continue;
      }
      chat::Channel& channel = result.channels[log.name.channel];
      channel.name = log.name.channel;
      channel.has_nicks = true;
      std::move(log.log.messages.begin(), log.log.messages.end(), std::back_inserter(channel.messages));
    }
    for (auto& [key, channel] : result.channels) chat::once_each(channel.messages);
    return result;
  }

  std::string location_, coverage_;
  SyncOptions options_;
  chat::ToUtc to_utc_;
  json::Parser parser_{std::size_t{1} << 31};
  std::vector<std::unique_ptr<chat::ExportReader>> readers_;
  std::vector<Log> logs_;
  long long other_files_ = 0, unread_files_ = 0, unread_records_ = 0;
};

}  // namespace

extern const SourceKind chat_source;
const SourceKind chat_source{
    "chat", "FILE|DIR",
    "a chat: an export of Zulip, Slack, Discord or Matrix, or logs of IRC; a file, folder, zip or tar",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<ChatExport>(location); }};

}  // namespace resident
