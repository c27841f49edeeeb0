#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <sources/interest/characters.hpp>
#include <sources/interest/corpus.hpp>
#include <sources/interest/members.hpp>
#include <unordered_map>

namespace resident::interest {

namespace {

constexpr std::size_t kFilesATask = 128;
constexpr std::size_t kMostProblems = 100;
constexpr std::array<std::string_view, 18> kArchives{".tar",   ".tar.gz",  ".tgz",     ".tar.xz", ".txz",   ".tar.bz2",
                                                     ".tbz2",  ".tar.zst", ".tar.lz4", ".zip",    ".whl",   ".deb",
                                                     ".crate", ".jar",     ".conda",   ".egg",    ".nupkg", ".gem"};

struct Task {
  enum class Kind { folder, files, archive, repository };
  Kind kind = Kind::folder;
  std::string path;
  std::size_t project = 0;
  unsigned depth = 0;              // how many more levels are projects of their own
  std::vector<std::string> names;  // of files
};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

struct FolderCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};
using FolderPointer = std::unique_ptr<DIR, FolderCloser>;

std::string_view base_name(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || path.size() == 1 ? path : path.substr(slash + 1);
}

std::string joined(const std::string& folder, std::string_view name) {
  std::string path;
  path.reserve(folder.size() + name.size() + 1);
  path = folder;
  if (!path.ends_with('/')) path += '/';
  return path += name;
}

class Reader {
 public:
  Reader(const CorpusOptions& options, const std::function<void(unsigned, const CorpusFile&)>& visit)
      : options_(options), visit_(visit), workers_(options.workers) {}
  CorpusReport read();

 private:
  struct Worker {
    std::string buffer = std::string(std::size_t{1} << 18, '\0');
    std::string path;
    std::uint64_t files = 0, bytes = 0;
  };
  // What a folder holds, sorted by what is to be done with it.
  struct Listing {
    std::vector<std::string> files, folders, archives;
    bool has_head = false, has_objects = false, has_git = false;
  };

  void start(const std::string& path);
  void work(unsigned number);
  void run(unsigned number, Task&& task);
  void read_folder(unsigned number, const Task& task);
  void list(DIR* folder, const std::string& path, Listing& listing);
  void read_files(unsigned number, int folder, const std::string& path, std::size_t project,
                  const std::vector<std::string>& names);
  void read_file(unsigned number, int folder, const std::string& path, std::size_t project, const std::string& name);
  void read_members(unsigned number, const Task& task);
  void give(unsigned number, std::size_t project, std::string_view path, const Language& language,
            std::string_view text);

  const Language* wanted(std::string_view name) const;
  std::size_t project_named(std::string_view name);
  void push(Task&& task);
  bool pop(Task& task);
  void problem(std::string_view path, const std::string& reason);

  const CorpusOptions& options_;
  const std::function<void(unsigned, const CorpusFile&)>& visit_;
  std::vector<Worker> workers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;
  std::size_t unfinished_ = 0;
  bool failed_ = false;
  std::unordered_map<std::string, std::size_t> project_numbers_;
  CorpusReport report_;
};

const Language* Reader::wanted(std::string_view name) const {
  const Language* language = language_of(name);
  return language &&
                 std::find(options_.languages.begin(), options_.languages.end(), language) != options_.languages.end()
             ? language
             : nullptr;
}

std::size_t Reader::project_named(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto [place, added] = project_numbers_.try_emplace(std::string(name), report_.projects.size());
  if (added) report_.projects.emplace_back(name);
  return place->second;
}

void Reader::problem(std::string_view path, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  ++report_.unreadable;
  if (report_.problems.size() < kMostProblems) report_.problems.push_back({clean_text(path), reason});
}

void Reader::push(Task&& task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    ++unfinished_;
  }
  changed_.notify_one();
}

bool Reader::pop(Task& task) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !tasks_.empty() || unfinished_ == 0 || failed_; });
  if (tasks_.empty() || failed_) return false;
  task = std::move(tasks_.back());
  tasks_.pop_back();
  return true;
}

void Reader::work(unsigned number) {
  const auto end = [this](bool failed) {
    const std::lock_guard lock(mutex_);
    failed_ = failed_ || failed;
    if (failed || --unfinished_ == 0) changed_.notify_all();
  };
  for (Task task; pop(task);) {
    try {
      run(number, std::move(task));
    } catch (...) {
      end(true);
      throw;
    }
    end(false);
  }
}

void Reader::run(unsigned number, Task&& task) {
  switch (task.kind) {
    case Task::Kind::folder:
      return read_folder(number, task);
    case Task::Kind::files: {
      const Descriptor folder(open(task.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      return read_files(number, folder.number(), task.path, task.project, task.names);
    }
    case Task::Kind::archive:
    case Task::Kind::repository:
      return read_members(number, task);
  }
}

void Reader::give(unsigned number, std::size_t project, std::string_view path, const Language& language,
                  std::string_view text) {
  ++workers_[number].files;
  workers_[number].bytes += text.size();
  visit_(number, {project, path, &language, text});
}

void Reader::read_file(unsigned number, int folder, const std::string& path, std::size_t project,
                       const std::string& name) {
  Worker& worker = workers_[number];
  worker.path.assign(path);
  if (!worker.path.ends_with('/')) worker.path += '/';
  worker.path += name;
  const Descriptor file(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.number() < 0) return problem(worker.path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  // What is shorter than the buffer has been read whole: so most files cost one call.
  std::size_t size = 0;
  for (;;) {
    const ssize_t got = ::read(file.number(), worker.buffer.data() + size, worker.buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return problem(worker.path, fmt::format("cannot be read: {}", std::strerror(errno)));
    size += static_cast<std::size_t>(got);
    if (size < worker.buffer.size()) break;
    if (size > kLargestSource) return problem(worker.path, fmt::format("larger than {} MiB", kLargestSource >> 20));
    worker.buffer.resize(2 * size);
  }
  give(number, project, worker.path, *wanted(name), std::string_view(worker.buffer).substr(0, size));
}

void Reader::read_files(unsigned number, int folder, const std::string& path, std::size_t project,
                        const std::vector<std::string>& names) {
  if (folder < 0) return problem(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  for (const std::string& name : names) read_file(number, folder, path, project, name);
}

void Reader::list(DIR* folder, const std::string& path, Listing& listing) {
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(folder);
    if (!entry) {
      if (errno != 0) problem(path, fmt::format("cannot be read to its end: {}", std::strerror(errno)));
      return;
    }
    const std::string_view name(entry->d_name);
    if (name == "." || name == "..") continue;
    unsigned char type = entry->d_type;
    if (struct stat status;
        type == DT_UNKNOWN && fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
      type = S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_LNK;
    if (type == DT_DIR) {
      listing.has_objects = listing.has_objects || name == "objects";
      if (name == ".git") {
        listing.has_git = true;
      } else if (name != "__pycache__") {  // which holds no sources
        listing.folders.emplace_back(name);
      }
    } else if (type == DT_REG) {
      listing.has_head = listing.has_head || name == "HEAD";
      if (wanted(name)) {
        listing.files.emplace_back(name);
      } else if (is_archive_name(name)) {
        listing.archives.emplace_back(name);
      }
    }
  }
}

void Reader::read_folder(unsigned number, const Task& task) {
  const FolderPointer folder(opendir(task.path.c_str()));
  if (!folder) return problem(task.path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  Listing listing;
  list(folder.get(), task.path, listing);
  if (listing.has_head && listing.has_objects) return push({Task::Kind::repository, task.path, task.project, 0, {}});
  if (listing.has_git && listing.files.empty() && listing.folders.empty() && listing.archives.empty())
    return push({Task::Kind::repository, joined(task.path, ".git"), task.project, 0, {}});
  const bool are_projects = task.depth > 0;
  const unsigned depth = are_projects ? task.depth - 1 : 0;
  for (const std::string& name : listing.folders) {
    std::string_view shown = name;
    if (shown.ends_with(".git")) shown.remove_suffix(4);
    push({Task::Kind::folder, joined(task.path, name), are_projects ? project_named(shown) : task.project, depth, {}});
  }
  for (const std::string& name : listing.archives)
    push({Task::Kind::archive,
          joined(task.path, name),
          are_projects ? project_named(project_of_archive(name)) : task.project,
          0,
          {}});
  // A folder of very many files is work for all.
  while (listing.files.size() > 2 * kFilesATask) {
    const auto from = listing.files.end() - static_cast<std::ptrdiff_t>(kFilesATask);
    push({Task::Kind::files,
          task.path,
          task.project,
          0,
          {std::make_move_iterator(from), std::make_move_iterator(listing.files.end())}});
    listing.files.erase(from, listing.files.end());
  }
  read_files(number, dirfd(folder.get()), task.path, task.project, listing.files);
}

void Reader::read_members(unsigned number, const Task& task) {
  const MemberVisitor visitor{[this](std::string_view name) { return wanted(base_name(name)) != nullptr; },
                              [&](std::string_view name, std::string_view content) {
                                give(number, task.project, joined(task.path, name), *wanted(base_name(name)), content);
                              },
                              [&](std::string_view name, const std::string& reason) {
                                problem(name.empty() ? task.path : joined(task.path, name), reason);
                              }};
  if (task.kind == Task::Kind::archive) {
    for_each_member(task.path, visitor);
  } else {
    for_each_tree_file(task.path, visitor);
  }
}

void Reader::start(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(path)), "check the path");
  const std::unique_ptr<char, decltype(&std::free)> whole(realpath(path.c_str(), nullptr), std::free);
  const std::string_view name = base_name(whole ? std::string_view(whole.get()) : std::string_view(path));
  if (S_ISDIR(status.st_mode)) return push({Task::Kind::folder, path, project_named(name), options_.depth, {}});
  if (is_archive_name(name)) return push({Task::Kind::archive, path, project_named(project_of_archive(name)), 0, {}});
  if (!wanted(name))
    throw Error(ErrorKind::usage, fmt::format("{} is neither a folder, an archive nor a file of the language", path),
                "--language says which language is meant");
  const std::size_t slash = path.rfind('/');
  push({Task::Kind::files,
        slash == std::string::npos ? "." : path.substr(0, slash + 1),
        project_named(name),
        0,
        {slash == std::string::npos ? path : path.substr(slash + 1)}});
}

CorpusReport Reader::read() {
  for (const std::string& path : options_.paths) start(path);
  const auto workers = static_cast<unsigned>(workers_.size());
  parallel_for(workers, workers, [this](unsigned worker, std::size_t) { work(worker); });
  for (const Worker& worker : workers_) {
    report_.files += worker.files;
    report_.bytes += worker.bytes;
  }
  std::sort(report_.problems.begin(), report_.problems.end(),
            [](const CorpusProblem& a, const CorpusProblem& b) { return a.path < b.path; });
  return std::move(report_);
}

}  // namespace

bool is_archive_name(std::string_view file_name) {
  return std::any_of(kArchives.begin(), kArchives.end(),
                     [&](std::string_view ending) { return file_name.ends_with(ending); });
}

std::string project_of_archive(std::string_view file_name) {
  std::size_t longest = 0;
  for (const std::string_view ending : kArchives)
    if (file_name.ends_with(ending) && file_name.size() > ending.size()) longest = std::max(longest, ending.size());
  file_name.remove_suffix(longest);
  for (std::size_t at = 1; at + 1 < file_name.size(); ++at) {
    if ((file_name[at] == '-' || file_name[at] == '_') && is_digit(file_name[at + 1]))
      return std::string(file_name.substr(0, at));
  }
  return std::string(file_name);
}

CorpusReport read_corpus(const CorpusOptions& options, const std::function<void(unsigned, const CorpusFile&)>& visit) {
  return Reader(options, visit).read();
}

}  // namespace resident::interest
