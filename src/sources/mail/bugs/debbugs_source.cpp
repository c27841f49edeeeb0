// `resident add debbugs FILE|DIR`: bugs of a debbugs (Debian's, GNU's) by the mails about them: logs of single bugs, as
// `bugreport.cgi?bug=N;mbox=yes` gives them, and archives of lists that the system writes to.
#include <fmt/format.h>

#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <map>
#include <sources/mail/bugs/bug_writer.hpp>
#include <sources/mail/bugs/debbugs_log.hpp>
#include <sources/source.hpp>

namespace resident {

namespace {

// "bug_12345.mbox", "12345.mbox.gz", "12345": the log of that bug; 0 for any other name.
std::int64_t bug_of_file(const std::string& file) {
  static const Pattern name(R"((?i)(?:^|/)(?:bug[_-]?)?(\d{1,9})(?:\.(?:mbox|log|txt))?(?:\.(?:gz|xz|bz2|zst))?$)");
  std::string number;
  if (!name.found_in(file, &number)) return 0;
  std::int64_t bug = 0;
  std::from_chars(number.data(), number.data() + number.size(), bug);
  return bug;
}

class Debbugs : public Source {
 public:
  explicit Debbugs(std::string location) : location_(std::move(location)) {}

  std::string sync(const Cursor&, Writer& writer) override {
    mail::BugArchive archive;
    archive.begin = [&](const std::string&) { waiting_.clear(); };
    archive.take = [&](std::string_view text, std::string_view separator, const std::string&) {
      for (auto& mail : mail::read_debbugs_mails(text, separator)) waiting_.push_back(std::move(mail));
    };
    archive.end = [&](const std::string& file) { give(file); };
    archive.bugs = [&] { return log_.bugs(); };
    mail::read_bugs(
        location_, archive,
        "give logs of bugs (bugreport.cgi?bug=N;mbox=yes), or an archive of a list that a debbugs writes to", writer);
    return {};
  }

  std::string coverage() const override { return log_.coverage(); }

 private:
  // A report in a bug's own log says nowhere which bug it became: the file's name does, or else the mails behind it.
  void give(const std::string& file) {
    std::int64_t bug = 0;
    std::map<std::int64_t, std::size_t> counts;
    bool lacks_number = false;
    for (const mail::DebbugsMail& mail : waiting_) {
      if (mail.bug > 0) ++counts[mail.bug];
      lacks_number = lacks_number || (mail.bug == 0 && mail.kind == mail::DebbugsMail::Kind::report);
    }
    if (lacks_number) {
      bug = bug_of_file(file);
      std::size_t most = 0;
      for (const auto& [number, count] : counts)
        if (bug == 0 || (count > most && bug_of_file(file) == 0)) bug = number, most = count;
    }
    for (mail::DebbugsMail& mail : waiting_) log_.take(std::move(mail), bug);
    waiting_.clear();
  }

  std::string location_;
  std::vector<mail::DebbugsMail> waiting_;
  mail::DebbugsLog log_;
};

}  // namespace

extern const SourceKind debbugs_source;
const SourceKind debbugs_source{
    "debbugs", "FILE|DIR", "bugs of Debian's or GNU's tracker by their mails: logs of bugs, archives of lists",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Debbugs>(location); }};

}  // namespace resident
