// The transport over libcurl: no redirects, no cookies, no .netrc, no protocol but HTTP. Reads share a connection that
// is kept alive; what may not be sent twice gets a connection of its own. Addresses are sent as they are written, and
// read by libcurl's own parser, so that what we take for the host is where it connects to.
#include <curl/curl.h>
#include <fmt/format.h>

#include <base/text.hpp>
#include <cstdlib>
#include <mutex>
#include <net/http.hpp>
#include <net/token.hpp>
#include <new>

namespace resident::http {

namespace {

constexpr std::size_t kLargestHeaders = 1 << 20;

TransportError::Reason reason_of(CURLcode code) {
  using Reason = TransportError::Reason;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return Reason::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return Reason::timeout;
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
      return Reason::truncated;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Reason::reset;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Reason::tls;
    default:
      return Reason::other;
  }
}

struct Receipt {
  Response response;
  std::size_t largest = 0, header_bytes = 0;
  bool too_large = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receipt = *static_cast<Receipt*>(user);
  if (receipt.response.body.size() + size * count > receipt.largest) {
    receipt.too_large = true;
    return 0;
  }
  receipt.response.body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receipt = *static_cast<Receipt*>(user);
  const std::string_view line(data, size * count);
  receipt.header_bytes += line.size();
  if (receipt.header_bytes > kLargestHeaders) {
    receipt.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) receipt.response.headers.clear();  // after 100 Continue
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    receipt.response.headers.emplace_back(to_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  return size * count;
}

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

class CurlTransport : public Transport {
 public:
  explicit CurlTransport(const TransportOptions& options) : options_(options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    handle_ = curl_easy_init();
    if (!handle_) throw Error("libcurl could not be started");
  }
  ~CurlTransport() override { curl_easy_cleanup(handle_); }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Response send(const Request& request) override {
    const bool is_plain = origin_of(request.url).starts_with("http:");
    if (is_plain && !options_.allow_plain_http && !is_loopback(request.url))
      throw Error(ErrorKind::usage, fmt::format("{} has no encryption", origin_of(request.url)),
                  "use https, or set allow_plain_http for this forge");
    Receipt receipt;
    receipt.largest = options_.largest_body;
    HeaderList headers(nullptr, curl_slist_free_all);
    for (const auto& [name, value] : request.headers) append(headers, fmt::format("{}: {}", name, value));
    append(headers, "Expect:");  // else a 417 makes libcurl send the request a second time
    curl_easy_reset(handle_);
    char problem[CURL_ERROR_SIZE] = {};
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);  // else "." and ".." lead to other addresses than those named
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_USERAGENT, options_.user_agent.c_str());
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_seconds * 1000));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_seconds * 1000));
    set(CURLOPT_ERRORBUFFER, problem);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &receipt);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &receipt);
    set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    // Where the system's stand differs between distributions: OpenSSL's own variable names another file.
    if (!options_.ca_file.empty())
      set(CURLOPT_CAINFO, options_.ca_file.c_str());
    else if (const char* named = std::getenv("SSL_CERT_FILE"); named && *named)
      set(CURLOPT_CAINFO, named);
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (!is_repeatable(request)) send_once();
    const CURLcode code = curl_easy_perform(handle_);
    if (receipt.too_large)
      throw TransportError(TransportError::Reason::too_large,
                           fmt::format("the answer is larger than {} MB", options_.largest_body >> 20));
    if (code != CURLE_OK) {
      const std::string detail = redact(one_line(clean_text(problem[0] ? problem : curl_easy_strerror(code), 300)));
      const auto reason = reason_of(code);
      throw TransportError(reason, reason == TransportError::Reason::tls
                                       ? detail + "; if the forge has an authority of its own, set ca_file for it"
                                       : detail);
    }
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    receipt.response.status = static_cast<int>(status);
    receipt.response.url = request.url;
    return std::move(receipt.response);
  }

 private:
  // libcurl itself repeats a request, whatever its method, when a connection it had kept ends before the first byte of
  // an answer, and when an HTTP/2 server refuses a stream (Curl_retry_request, 7.88 and 8.14): the forge may have done
  // what it was asked to.
  void send_once() {
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(handle_, option, value) != CURLE_OK)
      throw Error("libcurl does not take an option", "it is older than 7.85");
  }

  TransportOptions options_;
  CURL* handle_ = nullptr;
};

std::string part_of(CURLU* address, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(address, part, &text, 0) != CURLUE_OK || !text) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

using Address = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Address new_address() {
  Address address(curl_url(), curl_url_cleanup);
  if (!address) throw std::bad_alloc();
  return address;
}

}  // namespace

std::string origin_of(std::string_view url) {
  const std::string shown = redact(one_line(clean_text(url.substr(0, url.find('?')), 300)));
  const Address address = new_address();
  if (curl_url_set(address.get(), CURLUPART_URL, std::string(url).c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    throw Error(ErrorKind::usage, fmt::format("not an http(s) address: {}", shown));
  const std::string scheme = to_lower(part_of(address.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https")
    throw Error(ErrorKind::usage, fmt::format("not an http(s) address: {}", shown));
  const std::string host = to_lower(part_of(address.get(), CURLUPART_HOST)),
                    port = part_of(address.get(), CURLUPART_PORT);
  if (host.empty()) throw Error(ErrorKind::usage, fmt::format("no host in {}", shown));
  const bool is_usual = port.empty() || port == (scheme == "https" ? "443" : "80");
  return fmt::format("{}://{}{}{}", scheme, host, is_usual ? "" : ":", is_usual ? "" : port);
}

std::string resolve(const std::string& base, const std::string& location) {
  const Address address = new_address();
  if (curl_url_set(address.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(address.get(), CURLUPART_URL, location.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) !=
          CURLUE_OK)
    return {};
  return part_of(address.get(), CURLUPART_URL);
}

std::unique_ptr<Transport> curl_transport(const TransportOptions& options) {
  return std::make_unique<CurlTransport>(options);
}

}  // namespace resident::http
