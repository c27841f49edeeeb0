// The journal of a search: one JSON line for what is asked, then one for each run that ended, written before anything
// is concluded from it. A search that was killed is told its outcomes again and goes on; a line that was cut by the
// kill is dropped. The file is locked while a search runs, so that two never share one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct RunRecord {
  std::string commit;
  int code = 0;  // exit code of the command
  bool late = false;
  double seconds = 0;
  double value = 0;  // what the command printed, with --bench
};

class BisectJournal {
 public:
  // question: what tells one search from another, one line. Throws Error{usage} where the journal is of another
  // question and it was not asked to begin anew, or where another search runs.
  BisectJournal(const std::filesystem::path& file, const std::string& question, bool anew);
  ~BisectJournal();
  BisectJournal(const BisectJournal&) = delete;
  BisectJournal& operator=(const BisectJournal&) = delete;

  const std::vector<RunRecord>& runs() const { return runs_; }
  // On disk when it returns.
  void add(const RunRecord& run);
  // There is an answer: another question may take the journal's place.
  void end();

 private:
  bool take(std::string_view text, const std::string& question);
  void write(const std::string& line);
  std::filesystem::path file_;
  std::vector<RunRecord> runs_;
  int descriptor_ = -1;
};

}  // namespace resident
