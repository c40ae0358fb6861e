# One image for every service: the command names the main class, e.g. bank.identity.Main.
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -q -DskipTests -DskipITs package \
 && mkdir -p /opt/bank/lib \
 && cp standalone/target/lib/*.jar /opt/bank/lib/ \
 && rm -f /opt/bank/lib/embedded-* /opt/bank/lib/s3proxy-* /opt/bank/lib/kafka_* /opt/bank/lib/scala-*

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /var/lib/bank --create-home bank \
 && install -d -o bank /var/spool/bank
COPY --from=build /opt/bank/lib /opt/bank/lib
USER bank
WORKDIR /var/lib/bank
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
ENTRYPOINT ["java", "-cp", "/opt/bank/lib/*"]
