package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDispositionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            form-data; name="file"; filename="a.pdf"                         | file | a.pdf
            form-data;name=file;filename=a.pdf                               | file | a.pdf
            form-data; name="file"; filename="a;b\\"c.pdf"                    | file | a;b"c.pdf
            form-data; name="file"; filename="C:\\dir\\a.pdf"                  | file | C:\\dir\\a.pdf
            attachment; filename="x"; filename*=UTF-8''%D0%94%20%27.pdf      |      | Д '.pdf
            attachment; filename*=utf-8'ru'%D0%94.pdf; filename="x"          |      | Д.pdf
            attachment; filename*=koi8-r''%C4; filename="x"                  |      | x
            attachment; filename*=UTF-8''%ZZ; filename="x"                   |      | x
            form-data; NAME="file"                                           | file |
            inline                                                           |      |
            """)
    void readsNameAndFileName(String header, String name, String fileName) {
        assertThat(ContentDisposition.parse(header)).isEqualTo(new ContentDisposition(name, fileName));
    }
}
