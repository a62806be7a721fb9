filedesc://x.arc 0 20080430204825 text/plain 65
1 0 Hand
URL IP-address Archive-date Content-type Archive-length

http://www.example.gov.cn/ - 20080430204826 text/html 76
HTTP/1.1 200 OK
Content-Type: text/html
Content-Length: 12

<p>page</p>

