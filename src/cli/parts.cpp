#include <Eigen/src/Core/util/Macros.h>
#include <archive.h>
#include <cmark-gfm.h>
#include <cmark-gfm_version.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <libpq-fe.h>
#include <linear.h>
#include <link.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <pg_config.h>
#include <simdjson.h>
#include <sqlite3.h>
#include <unicode/uchar.h>
#include <unicode/uversion.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>

// Debian 13's has another name.
#if __has_include(<toml++/impl/version.h>)
#include <toml++/impl/version.h>
#else
#include <toml++/impl/version.hpp>
#endif

#include <CLI/Version.hpp>
#include <algorithm>
#include <base/embedded.hpp>
#include <boost/version.hpp>
#include <cli/parts.hpp>
#include <cstring>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>

// Not there where the sanitizers bring their own allocator.
extern "C" int mallctl(const char*, void*, std::size_t*, void*, std::size_t) __attribute__((weak));

namespace resident {

namespace {

// 70205 by hundreds: "7.2.5".
std::string by_hundreds(unsigned long number) {
  return fmt::format("{}.{}.{}", number / 10000, number / 100 % 100, number % 100);
}

std::string icu_running() {
  UVersionInfo version;
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_getVersion(version);
  u_versionToString(version, text);
  return text;
}

std::string jemalloc_running() {
  const char* text = nullptr;
  std::size_t size = sizeof text;
  if (!mallctl || mallctl("version", &text, &size, nullptr, 0) != 0 || !text) return "";
  return std::string(text).substr(0, std::string_view(text).find('-'));
}

std::string pq_version(int number) {  // 150013: "15.13"
  return fmt::format("{}.{}", number / 10000, number % 10000);
}

std::string openssl_running() {
  const std::string text = OpenSSL_version(OPENSSL_VERSION);  // "OpenSSL 3.0.17 1 Jul 2025"
  const std::size_t from = text.find(' ');
  return from == std::string::npos ? text : text.substr(from + 1, text.find(' ', from + 1) - from - 1);
}

std::string archive_running() {
  const std::string text = archive_version_string();  // "libarchive 3.6.2"
  return text.substr(text.rfind(' ') + 1);
}

std::string liblinear_text(int number) {  // 230: "2.30"
  return fmt::format("{}.{:02}", number / 100, number % 100);
}

std::vector<Part> libraries() {
  const std::string icu_licence = U_ICU_VERSION_MAJOR_NUM >= 74 ? "Unicode-3.0" : "Unicode-DFS-2016";
  std::vector<Part> all{
      {"Boost (Asio, Beast)",
       by_hundreds(BOOST_VERSION / 100000 * 10000 + BOOST_VERSION / 100 % 1000 * 100 + BOOST_VERSION % 100), "",
       "BSL-1.0", "debian:libboost-dev", "the dashboard's HTTP"},
      {"CLI11", CLI11_VERSION, "", "BSD-3-Clause", "debian:libcli11-dev", "command lines"},
      {"cmark-gfm", CMARK_GFM_VERSION_STRING, cmark_version_string(), "BSD-2-Clause AND MIT", "debian:libcmark-gfm-dev",
       "Markdown to HTML"},
      {"Eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION), "", "MPL-2.0",
       "debian:libeigen3-dev", "linear algebra"},
      {"fmt", by_hundreds(FMT_VERSION), "", "MIT", "debian:libfmt-dev", "text from values"},
      {"ICU", U_ICU_VERSION, icu_running(), icu_licence, "debian:libicu-dev", "Unicode"},
      {"jemalloc", "", jemalloc_running(), "BSD-2-Clause", "debian:libjemalloc-dev", "memory"},
      {"libarchive", ARCHIVE_VERSION_ONLY_STRING, archive_running(), "BSD-2-Clause", "debian:libarchive-dev",
       "archives of reports and backups"},
      {"libcurl", LIBCURL_VERSION, curl_version_info(CURLVERSION_NOW)->version, "curl", "debian:libcurl4-openssl-dev",
       "HTTP to forges"},
      {"libdeflate", LIBDEFLATE_VERSION_STRING, "", "MIT", "debian:libdeflate-dev", "git's objects"},
      {"liblinear", liblinear_text(LIBLINEAR_VERSION), liblinear_text(liblinear_version), "BSD-3-Clause",
       "debian:liblinear-dev", "linear models"},
      {"libpq", pq_version(PG_VERSION_NUM), pq_version(PQlibVersion()), "PostgreSQL", "debian:libpq-dev",
       "a store in PostgreSQL"},
      {"libstemmer (Snowball)", "", "", "BSD-3-Clause", "debian:libstemmer-dev", "words to stems"},
      {"nlohmann/json",
       fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH),
       "", "MIT", "debian:nlohmann-json3-dev", "JSON to write"},
      {"OpenSSL", OPENSSL_VERSION_STR, openssl_running(), "Apache-2.0", "debian:libssl-dev", "digests"},
      {"pugixml", fmt::format("{}.{}", PUGIXML_VERSION / 1000, PUGIXML_VERSION / 10 % 100), "", "MIT",
       "debian:libpugixml-dev", "XML to read"},
      {"RE2", "", "", "BSD-3-Clause", "debian:libre2-dev", "patterns in linear time"},
      {"simdjson",
       fmt::format("{}.{}.{}", static_cast<int>(simdjson::SIMDJSON_VERSION_MAJOR),
                   static_cast<int>(simdjson::SIMDJSON_VERSION_MINOR),
                   static_cast<int>(simdjson::SIMDJSON_VERSION_REVISION)),
       "", "Apache-2.0", "debian:libsimdjson-dev", "JSON to read"},
      {"SQLite", SQLITE_VERSION, sqlite3_libversion(), "blessing", "debian:libsqlite3-dev", "the store"},
      {"toml++", fmt::format("{}.{}.{}", TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH), "", "MIT",
       "debian:libtomlplusplus-dev", "configuration"},
      {"xxHash", by_hundreds(XXH_VERSION_NUMBER), by_hundreds(XXH_versionNumber()), "BSD-2-Clause",
       "debian:libxxhash-dev", "fingerprints"},
      {"zlib", ZLIB_VERSION, zlibVersion(), "Zlib", "debian:zlib1g-dev", "git's objects"},
      {"Zstandard", ZSTD_VERSION_STRING, ZSTD_versionString(), "BSD-3-Clause OR GPL-2.0-only", "debian:libzstd-dev",
       "what is kept packed"}};
  return all;
}

// All that Observable Plot stands on, by the lock file that the bundle is built from. Some of it is left out again by
// the builder where nothing calls it.
std::vector<Part> of_web_bundle() {
  std::vector<Part> all;
  const auto& files = embedded::lock_files();
  if (files.empty()) return all;
  const auto lock = nlohmann::json::parse(files.front().content);
  const auto& packages = lock.at("packages");
  std::vector<std::string> waiting{"@observablehq/plot"};
  std::set<std::string> seen(waiting.begin(), waiting.end());
  while (!waiting.empty()) {
    const std::string name = std::move(waiting.back());
    waiting.pop_back();
    const auto& package = packages.at("node_modules/" + name);
    all.push_back({name, package.at("version"), "", package.value("license", "NOASSERTION"), "npm:" + name, "plots"});
    if (package.contains("dependencies"))
      for (const auto& [other, range] : package["dependencies"].items())
        if (seen.insert(other).second) waiting.push_back(other);
  }
  std::sort(all.begin(), all.end(), [](const Part& a, const Part& b) { return a.name < b.name; });
  return all;
}

struct Note {
  std::string build_id;
};

// The notes of the program itself, which the loader lists first.
int read_notes(dl_phdr_info* loaded, std::size_t, void* into) {
  for (int i = 0; i < loaded->dlpi_phnum; ++i) {
    const auto& header = loaded->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(loaded->dlpi_addr + header.p_vaddr);
    const char* const end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char* const name = at + sizeof note;
      const char* const content = name + (note.n_namesz + 3U) / 4 * 4;
      at = content + (note.n_descsz + 3U) / 4 * 4;
      if (at > end) break;
      if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 || std::memcmp(name, "GNU", 4) != 0) continue;
      for (std::size_t byte = 0; byte < note.n_descsz; ++byte)
        static_cast<Note*>(into)->build_id += fmt::format("{:02x}", static_cast<unsigned char>(content[byte]));
      return 1;
    }
  }
  return 1;
}

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

std::vector<Part> parts() {
  std::vector<Part> all = libraries();
  for (Part& part : of_web_bundle()) all.push_back(std::move(part));
  return all;
}

std::string build_id() {
  Note note;
  dl_iterate_phdr(read_notes, &note);
  return note.build_id;
}

std::string version_text(bool is_verbose) {
  std::string text = fmt::format("resident {}\n", RESIDENT_VERSION);
  if (!is_verbose) return text;
  const std::string id = build_id();
  text += fmt::format("build     {}\ncompiler  {}\nlicence   Apache-2.0\n\n", id.empty() ? "without an ID" : id,
                      compiler());
  text += fmt::format("{:<24} {:<14} {:<14} {}\n", "Part", "Built with", "Runs with", "Licence");
  for (const Part& part : parts())
    text += fmt::format("{:<24} {:<14} {:<14} {}\n", part.name, part.built_with.empty() ? "–" : part.built_with,
                        part.runs_with.empty() ? "–" : part.runs_with, part.licence);
  return text;
}

std::string version_json() {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Part& part : parts())
    list.push_back({{"name", part.name},
                    {"built_with", part.built_with},
                    {"runs_with", part.runs_with},
                    {"licence", part.licence},
                    {"origin", part.origin},
                    {"purpose", part.purpose}});
  const nlohmann::ordered_json all{{"name", "resident"},     {"version", RESIDENT_VERSION}, {"build_id", build_id()},
                                   {"compiler", compiler()}, {"licence", "Apache-2.0"},     {"parts", list}};
  return all.dump(2) + "\n";
}

}  // namespace resident
