// The folder that a site is written to. It promises: a file that stays the same is not touched; each is written beside
// the folder's files and renamed, so that nobody reads half of one; what is written names only what is there already
// (files that pages need come first, what ceased goes last), so that a run that is cut off leaves a whole site; files
// that are not the site's own are neither overwritten nor removed. What is its own stands in a list in the folder
// (.resident-site.json), written before the first file is.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace resident::site {

class SiteFolder {
 public:
  // Makes the folder where it is not there, and keeps other runs out. Throws Error.
  explicit SiteFolder(std::string folder);
  ~SiteFolder();
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;

  // What the site that stands there was made of; "" where none was finished.
  const std::string& fingerprint() const { return fingerprint_; }
  // Whether all files of the site are there, as long as they were.
  bool is_whole() const;
  std::vector<std::string> paths() const;  // of its files

  // What a file was made of, where that costs more than its bytes: a picture's SVG.
  bool has_made_of(const std::string& path, const std::string& hash) const;

  // The files of the new site, in the order in which they are written. path: relative, with '/'.
  void add(const std::string& path, std::string content, const std::string& made_of = {});
  void keep(const std::string& path, const std::string& made_of);  // it is there, and stays

  struct Written {
    std::size_t written = 0, kept = 0, removed = 0;
    std::vector<std::string> left;  // files that ceased, but were changed by somebody
  };
  // Throws Error before anything is written where a file of somebody else stands in the place of one of these.
  Written write(const std::string& fingerprint);

 private:
  struct Own {
    std::set<std::string> hashes;  // that it may have: of a run that was cut off, two
    std::size_t size = 0;
    std::string made_of;
  };
  struct File {
    std::string path, content, made_of;
    bool is_kept = false;
  };

  std::string full(const std::string& path) const;
  void read_list();
  void write_list(const std::map<std::string, Own>& own, const std::string& fingerprint);
  void replace(const std::string& path, const std::string& content);
  std::vector<bool> find_changed() const;
  void remove_ceased(Written& done);

  std::string folder_;
  int lock_ = -1;
  std::string fingerprint_;
  std::map<std::string, Own> own_;
  std::vector<File> files_;
};

}  // namespace resident::site
