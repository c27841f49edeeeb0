// `resident add mbox FILE|DIR`: archives of mailing lists: mbox files (plain or compressed, as pipermail, hyperkitty
// and lore give them), folders and tars of them, single mails. Every sync reads the files again and works out threads
// and series of patches from all mails together: so it does not matter in which order archives arrive, or that one
// grows at its end.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/files/files.hpp>
#include <sources/mail/archive.hpp>
#include <sources/mail/splitter.hpp>

namespace resident {

namespace {

namespace fs = std::filesystem;

class Mbox : public Source {
 public:
  explicit Mbox(std::string location) : location_(std::move(location)), archive_(location_) {}

  void configure(const SyncOptions& options) override {
    archive_.set_now(options.clock ? options.clock->now() : SystemClock().now());
  }

  std::string sync(const Cursor& cursor, Writer& writer) override {
    writer.reads_whole_source();
    read_all(writer);
    if (archive_.is_empty())
      throw Error(fmt::format("{} holds no mail", location_), "give an mbox file, or a folder of them");
    archive_.write(writer, cursor.value_or(""));
    if (archive_.is_whole()) writer.end_of_source();
    return {};
  }

  std::string coverage() const override { return archive_.coverage(); }

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
          archive_.set_aside_file(writer, relative, error.what());
        }
        progress.advance();
      }
    } else if (is_archive(location_)) {
      for_each_file(location_, [&](ArchiveFile&& file) {
        progress.advance();
        if (!file.problem.empty()) return archive_.set_aside_file(writer, file.name, file.problem);
        const std::size_t first = archive_.size();
        mail::Splitter splitter = splitter_of(file.name, writer);
        std::string_view rest = file.content;
        while (!rest.empty()) {
          const std::size_t end = rest.find('\n');
          splitter.line(rest.substr(0, end));
          rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
        splitter.finish();
        archive_.name_lists(first, mail::list_of_file(file.name, location_));
      });
    } else {
      read_file(location_, fs::path(location_).filename().string(), writer);
    }
  }

  void read_file(const std::string& file, const std::string& name, Writer& writer) {
    const std::size_t first = archive_.size();
    mail::Splitter splitter = splitter_of(name, writer);
    for_each_line(file, [&](std::uint64_t number, std::string_view line, std::string_view problem) {
      if (problem.empty()) return splitter.line(line);
      archive_.set_aside_file(writer, fmt::format("{}:{}", name, number), std::string(problem));
    });
    splitter.finish();
    archive_.name_lists(first, mail::list_of_file(name, location_));
  }

  mail::Splitter splitter_of(const std::string& name, Writer& writer) {
    return mail::Splitter(
        [this, name, &writer](std::uint64_t line, std::string_view separator, std::string_view text, bool cut) {
          const std::string place = fmt::format("{}:{}", name, line);
          try {
            if (cut) archive_.set_aside(writer, place, "the mail is larger than 64 MiB; what is beyond was left out");
            archive_.take(mail::read_message(text, separator), place, writer);
          } catch (const Error& error) {
            archive_.set_aside(writer, place, error.what());
          }
        });
  }

  std::string location_;
  mail::MailArchive archive_;
};

}  // namespace

extern const SourceKind mbox_source;
const SourceKind mbox_source{
    "mbox", "FILE|DIR", "an archive of a mailing list: mbox files, plain or compressed, or a folder or tar of them",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Mbox>(location); }};

}  // namespace resident
