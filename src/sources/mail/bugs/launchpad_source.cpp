// `resident add launchpad FILE|DIR`: bugs of Launchpad by the mails that it sends about them, as a list's archive or a
// subscriber's mailbox has them.
#include <fmt/format.h>

#include <base/text.hpp>
#include <sources/mail/bugs/bug_writer.hpp>
#include <sources/mail/bugs/launchpad_log.hpp>
#include <sources/source.hpp>

namespace resident {

namespace {

class Launchpad : public Source {
 public:
  explicit Launchpad(std::string location) : location_(std::move(location)) {}

  std::string sync(const Cursor&, Writer& writer) override {
    mail::BugArchive archive;
    archive.take = [&](std::string_view text, std::string_view separator, const std::string&) {
      if (auto mail = mail::read_launchpad_mail(text, separator))
        log_.take(std::move(*mail));
      else
        ++others_;
    };
    archive.bugs = [&] { return log_.bugs(); };
    mail::read_bugs(location_, archive, "give mails that Launchpad sent about bugs: they have a header X-Launchpad-Bug",
                    writer);
    coverage_ = log_.coverage();
    if (others_ > 0)
      coverage_ += fmt::format("{}{} no notification of a bug", coverage_.empty() ? "" : "; ",
                               plural(others_, "mail is", "mails are"));
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  std::string location_, coverage_;
  mail::LaunchpadLog log_;
  long long others_ = 0;
};

}  // namespace

extern const SourceKind launchpad_source;
const SourceKind launchpad_source{
    "launchpad", "FILE|DIR", "bugs of Launchpad by the mails that it sends about them",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Launchpad>(location); }};

}  // namespace resident
