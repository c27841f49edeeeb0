#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cerrno>
#include <cli/bisect/journal.hpp>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

}  // namespace

BisectJournal::BisectJournal(const std::filesystem::path& file, const std::string& question, bool anew) : file_(file) {
  descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor_);
    throw Error("another search runs in this clone", "wait for it, or give this one another folder by --work");
  }
  std::ifstream stream(file);
  std::stringstream whole;
  whole << stream.rdbuf();
  const std::string text = whole.str();
  // Only whole lines: the last may have been cut.
  const std::size_t end = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  const bool goes_on = !anew && take(std::string_view(text).substr(0, end), question);
  if (ftruncate(descriptor_, goes_on ? static_cast<off_t>(end) : 0) != 0)
    throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  if (!goes_on) write(Json{{"question", question}}.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Whether the text is of this question; then its runs are taken.
bool BisectJournal::take(std::string_view text, const std::string& question) {
  bool is_first = true, is_other = false, has_ended = false;
  for (const auto line : split(text, '\n')) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    if (is_first) is_other = json.value("question", "") != question;
    if (json.contains("ended")) has_ended = true;
    if (!is_first && json.contains("commit"))
      runs_.push_back({json.value("commit", ""), json.value("code", 0), json.value("late", false),
                       json.value("seconds", 0.0), json.value("value", 0.0)});
    is_first = false;
  }
  if (!is_other || has_ended) {
    if (is_other) runs_.clear();
    return !is_first && !is_other;
  }
  close(descriptor_);
  throw Error(ErrorKind::usage, "there is an unfinished search of another question in this clone",
              "--restart forgets it; --work gives this one another folder");
}

BisectJournal::~BisectJournal() {
  close(descriptor_);
}

void BisectJournal::add(const RunRecord& run) {
  runs_.push_back(run);
  write(Json{
      {"commit", run.commit}, {"code", run.code}, {"late", run.late}, {"seconds", run.seconds}, {"value", run.value}}
            .dump());
}

void BisectJournal::end() {
  write(Json{{"ended", true}}.dump());
}

void BisectJournal::write(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fdatasync(descriptor_) != 0)
    throw Error(fmt::format("cannot write {}: {}", file_.string(), std::strerror(errno)),
                "make room; the same command goes on from there");
}

}  // namespace resident
