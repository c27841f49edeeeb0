#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/site/folder.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

namespace resident::site {

namespace {

namespace fs = std::filesystem;

constexpr const char* kList = ".resident-site.json";
constexpr const char* kUnderWay = ".resident-site.new";  // the file that is being written
constexpr int kForm = 1;                                 // of the list

std::optional<std::string> content_of(const std::string& path) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  if (!stream) return std::nullopt;
  return content.str();
}

// Whether it may be a file of ours: the list may have been written by anybody.
bool is_inside(const std::string& path) {
  if (path.empty() || path.starts_with('/') || path.size() > 300) return false;
  for (const std::string_view part : split(path, '/'))
    if (part.empty() || part == "." || part == "..") return false;
  return path.find('\0') == std::string::npos;
}

// The folder on the way to a file of the site that is a link, and so may lead anywhere; "" for none.
std::string link_on_the_way(const std::string& folder, const std::string& path) {
  std::error_code code;
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (const std::string place = folder + "/" + path.substr(0, slash); fs::is_symlink(place, code)) return place;
  return {};
}

}  // namespace

SiteFolder::SiteFolder(std::string folder) : folder_(std::move(folder)) {
  std::error_code code;
  fs::create_directories(folder_, code);
  if (!fs::is_directory(folder_, code))
    throw Error(fmt::format("cannot make the folder {}", one_line(folder_)),
                "name a folder that may be written to; it is made where it is not there");
  lock_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (lock_ >= 0) ::close(lock_);
    throw Error(fmt::format("another run writes to {}", one_line(folder_)), "wait until it has ended");
  }
  try {
    read_list();
  } catch (...) {
    ::close(lock_);
    throw;
  }
}

SiteFolder::~SiteFolder() {
  ::close(lock_);
}

std::string SiteFolder::full(const std::string& path) const {
  return folder_ + "/" + path;
}

void SiteFolder::read_list() {
  const auto text = content_of(full(kList));
  if (!text) return;
  const auto list = nlohmann::json::parse(*text, nullptr, false);
  const Error broken(fmt::format("{} is not a list that this program wrote", one_line(full(kList))),
                     "write to an empty folder, and put that in the place of this one");
  if (!list.is_object() || list.value("resident_site", 0) != kForm || !list.contains("files") ||
      !list["files"].is_object())
    throw broken;
  if (list.contains("fingerprint") && list["fingerprint"].is_string()) fingerprint_ = list["fingerprint"];
  for (const auto& [path, entry] : list["files"].items()) {
    if (!is_inside(path) || !entry.is_object() || !entry.contains("hashes") || !entry["hashes"].is_array())
      throw broken;
    Own& own = own_[path];
    for (const auto& hash : entry["hashes"])
      if (hash.is_string()) own.hashes.insert(hash);
    if (entry.contains("size") && entry["size"].is_number_unsigned()) own.size = entry["size"];
    if (entry.contains("made_of") && entry["made_of"].is_string()) own.made_of = entry["made_of"];
  }
}

void SiteFolder::write_list(const std::map<std::string, Own>& own, const std::string& fingerprint) {
  nlohmann::ordered_json list{{"resident_site", kForm}, {"fingerprint", fingerprint}};
  list["files"] = nlohmann::ordered_json::object();
  for (const auto& [path, each] : own) {
    nlohmann::ordered_json entry{{"hashes", each.hashes}, {"size", each.size}};
    if (!each.made_of.empty()) entry["made_of"] = each.made_of;
    list["files"][path] = std::move(entry);
  }
  replace(kList, list.dump(0) + "\n");
}

bool SiteFolder::is_whole() const {
  for (const auto& [path, own] : own_) {
    std::error_code code;
    if (fs::file_size(full(path), code) != own.size || code) return false;
  }
  return !own_.empty();
}

std::vector<std::string> SiteFolder::paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, own] : own_) paths.push_back(path);
  return paths;
}

bool SiteFolder::has_made_of(const std::string& path, const std::string& hash) const {
  const auto found = own_.find(path);
  std::error_code code;
  return found != own_.end() && found->second.made_of == hash && found->second.hashes.size() == 1 &&
         fs::file_size(full(path), code) == found->second.size && !code;
}

void SiteFolder::add(const std::string& path, std::string content, const std::string& made_of) {
  files_.push_back({path, std::move(content), made_of, false});
}

void SiteFolder::keep(const std::string& path, const std::string& made_of) {
  files_.push_back({path, {}, made_of, true});
}

void SiteFolder::replace(const std::string& path, const std::string& content) {
  std::error_code code;
  const std::string target = full(path), temporary = full(kUnderWay);
  fs::create_directories(fs::path(target).parent_path(), code);
  fs::remove(temporary, code);  // what a run that was cut off left, or a link that somebody put there
  std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  if (stream) fs::rename(temporary, target, code);
  if (!stream || code) {
    fs::remove(temporary, code);
    throw Error(fmt::format("cannot write {}", one_line(target)),
                "check that the folder may be written to and that there is room, then run the same command again");
  }
}

// Which of the files are not on the disk as they are to be. Throws Error where another's is in the way.
std::vector<bool> SiteFolder::find_changed() const {
  std::vector<bool> changed(files_.size(), false);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (const std::string link = link_on_the_way(folder_, files_[i].path); !link.empty())
      throw Error(ErrorKind::usage,
                  fmt::format("{} is a link, and the site's files would go where it leads", one_line(link)),
                  "take it away, or name an empty folder; nothing was written");
    if (files_[i].is_kept) continue;
    const std::string place = full(files_[i].path);
    const auto there = content_of(place);
    changed[i] = !there || *there != files_[i].content;
    std::error_code code;
    if (changed[i] && !own_.contains(files_[i].path) &&
        fs::symlink_status(place, code).type() != fs::file_type::not_found)
      throw Error(ErrorKind::usage, fmt::format("{} is there already, and not of this site", one_line(place)),
                  "name an empty folder, or one that `resident site` wrote before; nothing was written");
  }
  return changed;
}

void SiteFolder::remove_ceased(Written& done) {
  std::set<std::string> stays;
  for (const File& file : files_) stays.insert(file.path);
  for (const auto& [path, own] : own_) {
    if (stays.contains(path)) continue;
    const auto there = content_of(full(path));
    if (!there) continue;
    std::error_code code;
    if (!own.hashes.contains(resident::fingerprint(*there)) || !link_on_the_way(folder_, path).empty()) {
      done.left.push_back(path);
    } else if (fs::remove(full(path), code); !code) {
      ++done.removed;
      // The folder it stood in, where nothing is left in it.
      if (const auto folder = fs::path(path).parent_path(); !folder.empty()) fs::remove(full(folder.string()), code);
    }
  }
}

SiteFolder::Written SiteFolder::write(const std::string& fingerprint) {
  const std::vector<bool> changed = find_changed();
  std::map<std::string, Own> after;
  bool is_same = fingerprint == fingerprint_ && files_.size() == own_.size();
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const File& file = files_[i];
    Own& own = after[file.path];
    if (file.is_kept)
      own = own_.at(file.path);
    else
      own = {{resident::fingerprint(file.content)}, file.content.size(), file.made_of};
    is_same = is_same && !changed[i] && own_.contains(file.path);
  }
  Written done;
  if (is_same) {
    done.kept = files_.size();
    return done;
  }
  // Until all is done, each file may be as it was or as it will be.
  std::map<std::string, Own> under_way = after;
  for (const auto& [path, own] : own_) {
    Own& both = under_way.try_emplace(path, own).first->second;
    both.hashes.insert(own.hashes.begin(), own.hashes.end());
  }
  write_list(under_way, "");
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (changed[i]) replace(files_[i].path, files_[i].content);
    ++(changed[i] ? done.written : done.kept);
  }
  remove_ceased(done);
  write_list(after, fingerprint);
  own_ = std::move(after);
  fingerprint_ = fingerprint;
  return done;
}

}  // namespace resident::site
