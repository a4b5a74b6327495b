"""The body of a post as the web sends it: packed or not, with files or without."""

from typing import NamedTuple

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from ..core.post_body import MAX_PARTS, MAX_TEXT, decode, nest, read_body, unpack
from ..core.post_entries import PostError

# Files included.
MAX_BODY = 10 * 1024 * 1024


class Body(NamedTuple):
    """The posts of a body, nearly always one, and the files that came with them."""

    posts: list
    files: list
    """(name, content) of each."""


def read_request(httprequest):
    """Return what a request says.

    :raise PostError: nothing that can be read
    """
    content_type = httprequest.headers.get('Content-Type', '')
    encoding = httprequest.headers.get('Content-Encoding', '')
    body = unpack(httprequest.get_data(parse_form_data=False), encoding, MAX_BODY)
    mimetype, options = parse_options_header(content_type)
    if mimetype == 'multipart/form-data' and options.get('boundary'):
        return _read_parts(body, options['boundary'], options.get('charset', 'utf-8'))
    return Body(read_body(body, content_type), [])


def _read_parts(body, boundary, charset):
    pairs, files = [], []
    for part, content in _get_parts(body, boundary):
        if isinstance(part, Field):
            pairs.append((part.name, decode(content, _get_charset(part, charset))))
        elif part.filename:
            files.append((part.filename, content))
    if sum(len(name) + len(value) for name, value in pairs) > MAX_TEXT:
        raise PostError('large')
    return Body([nest(pairs)], files)


def _get_parts(body, boundary):
    decoder = MultipartDecoder(boundary.encode(errors='replace'), max_parts=MAX_PARTS)
    parts = []
    try:
        decoder.receive_data(body)
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                parts.append((event, bytearray()))
            elif isinstance(event, Data):
                parts[-1][1].extend(event.data)
    # the decoder has no error of its own for parts that are cut off, or too many
    except Exception as error:
        raise PostError('parts') from error
    return [(part, bytes(content)) for part, content in parts]


def _get_charset(part, charset):
    _mimetype, options = parse_options_header(part.headers.get('content-type', ''))
    return options.get('charset', charset)
