// `resident add mbox FILE|DIR`: archives of mailing lists: mbox files (plain or compressed, as pipermail, hyperkitty
// and lore give them), folders and tars of them, single mails. Every sync reads the files again and works out threads
// and series of patches from all mails together: so it does not matter in which order archives arrive, or that one
// grows at its end.
#include <fmt/format.h>

#include <base/error.hpp>
#include <sources/mail/archive.hpp>
#include <sources/mail/place.hpp>

namespace resident {

namespace {

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
    mail::MailPlace place;
    place.mail = [&](std::string_view text, std::string_view separator, const std::string& where, bool is_cut) {
      if (is_cut) archive_.set_aside(writer, where, "the mail is larger than 64 MiB; what is beyond was left out");
      archive_.take(mail::read_message(text, separator), where, writer);
    };
    place.problem = [&](const std::string& where, const std::string& reason) {
      archive_.set_aside(writer, where, reason);
    };
    place.damaged_file = [&](const std::string& where, const std::string& reason) {
      archive_.set_aside_file(writer, where, reason);
    };
    std::size_t first = 0;
    place.begin = [&](const std::string&) { first = archive_.size(); };
    place.end = [&](const std::string& file) { archive_.name_lists(first, mail::list_of_file(file, location_)); };
    mail::read_mails(location_, place);
  }

  std::string location_;
  mail::MailArchive archive_;
};

}  // namespace

extern const SourceKind mbox_source;
const SourceKind mbox_source{
    "mbox",
    "FILE|DIR",
    "an archive of a mailing list: mbox files, plain or compressed, or a folder or tar of them",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Mbox>(location); },
    nullptr,
    nullptr,
    false,
    2};

}  // namespace resident
