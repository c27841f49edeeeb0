#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/bug_story.hpp>
#include <sources/mail/bugs/bug_writer.hpp>

namespace resident::mail {

void read_bugs(const std::string& location, const BugArchive& archive, const std::string& hint, Writer& writer) {
  constexpr std::size_t kBugsACheckpoint = 500;
  writer.reads_whole_source();
  MailPlace place;
  std::string file;
  place.begin = [&](const std::string& name) {
    file = name;
    if (archive.begin) archive.begin(name);
  };
  place.end = archive.end;
  place.mail = [&](std::string_view text, std::string_view separator, const std::string& where, bool is_cut) {
    if (is_cut) writer.quarantine(where, "the mail is larger than 64 MiB; what is beyond was left out");
    archive.take(text, separator, file);
  };
  place.problem = [&](const std::string& where, const std::string& reason) { writer.quarantine(where, reason); };
  bool is_whole = true;  // else what stands in no other file is not gone
  place.damaged_file = [&](const std::string& where, const std::string& reason) {
    is_whole = false;
    writer.quarantine(where, reason);
  };
  read_mails(location, place);
  const std::vector<ItemRecord> bugs = archive.bugs();
  if (bugs.empty()) throw Error(fmt::format("{} holds no bug", one_line(location)), hint);
  std::size_t count = 0;
  for (const ItemRecord& bug : bugs) {
    const std::string name = fmt::format("issue/{}", bug.number), print = trackers::print_of_item(bug);
    if (writer.seen(name, print) && !writer.is_set_aside(name)) continue;
    writer.mark(name, print);
    writer.item(bug);
    if (++count % kBugsACheckpoint == 0) writer.checkpoint("");
  }
  if (is_whole) writer.end_of_source();
}

}  // namespace resident::mail
